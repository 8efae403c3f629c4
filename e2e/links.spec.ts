import { expect, test } from './studio.ts';

const broken = [
  { what: 'version', link: '#v=99', says: /another studio: its version is “99”/ },
  { what: 'method', link: '#v=1&m=alchemy', says: /no method “alchemy”/ },
  { what: 'expert', link: '#v=1&e=nobody', says: /no expert “nobody”/ },
  { what: 'family', link: '#v=1&z=elsewhere', says: /no model family “elsewhere”/ },
];

for (const { what, link, says } of broken) {
  test(`a link with an unknown ${what} says so and merges nothing until the default is asked for`, async ({
    studio,
    page,
  }) => {
    const weights: string[] = [];
    page.on('request', (request) => {
      if (/\.(safetensors|bin)$/.test(request.url())) weights.push(request.url());
    });
    await studio.open(`?samples=16${link}`);
    const card = page.getByRole('alert');
    await expect(card).toContainText('This link cannot be opened');
    await expect(card).toContainText(says);
    await expect(studio.result).toHaveCount(0);
    expect(page.url(), 'the link stays in the address').toContain(link);

    expect(weights, 'no weights for nothing').toEqual([]);
    await page.getByRole('link', { name: 'Open the default recipe' }).click();
    await studio.measured(16);
    await expect(card).toHaveCount(0);
    expect(weights.length).toBeGreaterThan(0);
    await page.goBack();
    await expect(card).toContainText(says);
  });
}

test('what a link gets wrong in a number is put right and told', async ({ studio, page }) => {
  const pair = studio.opening.slice(0, 2);
  await studio.open(`?samples=16#v=1&e=${pair.join()}&l=999,NaN&colour=red`);
  await studio.measured(16, pair);
  const [first, second] = pair.map((task) => studio.slider(`λ ${task}`));
  const top = (await first?.getAttribute('max')) ?? '';
  await expect(first ?? page.locator('none')).toHaveValue(top);
  await expect(second ?? page.locator('none')).toHaveValue('0.3');
  const notes = page.getByRole('complementary', { name: 'Notes on the link' });
  await expect(notes).toContainText(`λ ${pair[0]}: 999 is outside`);
  await expect(notes).toContainText(`λ ${pair[1]}: “NaN” is not a number, so 0.3 is used.`);
  await expect(notes).toContainText('“colour” is not known');
  expect(page.url(), 'the address shows the link as it was understood').not.toMatch(/999|NaN|colour/);
  await notes.getByRole('button', { name: 'Dismiss the notes' }).click();
  await expect(notes).toHaveCount(0);
});

test('a recipe that its method cannot merge says what to change', async ({ studio, page }) => {
  const pair = studio.opening.slice(0, 2);
  await studio.open('?samples=16#v=1&m=slerp');
  await expect(studio.result).toContainText(/SLERP needs exactly 2 experts and \d are chosen: leave \d out/);
  for (const id of studio.opening.slice(2)) await page.getByRole('button', { name: `${id} in the mix` }).click();
  await studio.measured(16, pair);
  await expect(studio.result).not.toContainText('needs exactly');
});
