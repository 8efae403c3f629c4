import { chromium } from 'playwright';
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const [,, step='a'] = process.argv;
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
page.on('console', (m) => { if (m.type()==='error') console.log('console', m.text()); });
page.on('pageerror', (e) => console.log('pageerror', e.message));
await page.goto('http://127.0.0.1:4361/?samples=16');
await page.getByRole('button', { name: 'Your own models' }).click();
await page.getByText('Drop your models here').waitFor();
await page.screenshot({ path: '/tmp/f-empty.png' });
const z = 'public/zoo/glyph-vit/';
const files = (process.argv[3] ?? 'base.f16.safetensors').split(',').map((f) => f.includes('/') ? f : z + f);
await page.locator('input[type=file]').first().setInputFiles(files);
await page.waitForTimeout(4000);
await page.screenshot({ path: '/tmp/f-open.png' });
console.log(await page.locator('main').innerText().then((t) => t.slice(0, 1500)));
if (step !== 'a') {
  await page.getByRole('button', { name: 'Merge', exact: true }).click();
  await page.getByRole('region', { name: 'Merged file' }).waitFor({ timeout: 30000 }).catch((e) => console.log(e.message));
  await page.screenshot({ path: '/tmp/f-merged.png' });
  console.log(await page.locator('aside').innerText());
}
await browser.close();
