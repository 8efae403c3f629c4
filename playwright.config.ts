import { defineConfig } from '@playwright/test';
import { installedChromium, SANDBOX_ARGS, SOFTWARE_WEBGPU_ARGS } from './scripts/chromium.mjs';

/** Away from 4173, where `npm start` may be running. */
const PORT = Number(process.env.MERGE_STUDIO_JOURNEYS_PORT ?? 4387);

const executablePath = await installedChromium();
const browser = (...args: string[]) => ({
  launchOptions: { ...(executablePath === undefined ? {} : { executablePath }), args: [...SANDBOX_ARGS, ...args] },
});

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  forbidOnly: true,
  // One at a time: journeys measure how quickly the page answers, and the page itself uses every core.
  workers: 1,
  retries: 0,
  // Waits end as soon as their condition holds; these are for a machine that is busy with something else.
  timeout: 180_000,
  globalTimeout: Number(process.env.MERGE_STUDIO_JOURNEYS_LIMIT_MS ?? 0),
  reporter: [['list'], ['json', { outputFile: process.env.MERGE_STUDIO_JOURNEYS_REPORT ?? '.cache/journeys.json' }]],
  // Answers from a copy would pass by the faults that journeys put in the way; offline.spec.ts lets it work.
  use: { serviceWorkers: 'block', baseURL: `http://127.0.0.1:${PORT}/`, viewport: { width: 1440, height: 900 } },
  projects: [
    { name: 'desktop', testIgnore: '**/*.webgpu.spec.ts', use: browser() },
    { name: 'webgpu', testMatch: '**/*.webgpu.spec.ts', use: browser(...SOFTWARE_WEBGPU_ARGS) },
  ],
  webServer: {
    command: `node scripts/serve.mjs --port ${PORT}`,
    url: `http://127.0.0.1:${PORT}/`,
    reuseExistingServer: false,
    timeout: 20_000,
  },
});
