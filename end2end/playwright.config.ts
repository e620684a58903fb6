import { defineConfig } from '@playwright/test';

// `cargo xtask test` starts a server on a fresh demo world and says where it is.
const baseURL = process.env.GIGAHOURS_BASE_URL ?? 'http://127.0.0.1:3000';
const executablePath = process.env.GIGAHOURS_CHROMIUM ?? '/usr/bin/chromium';

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  // One world for all: the journeys build on each other's bookings.
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json']],
  use: {
    baseURL,
    locale: 'en-GB',
    timezoneId: 'Europe/Brussels',
    colorScheme: 'light',
    // A colour on its way from one theme to the other has no contrast to speak of.
    contextOptions: { reducedMotion: 'reduce' },
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
    screenshot: 'only-on-failure',
    video: 'off',
    trace: 'off',
    launchOptions: {
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--disable-dev-shm-usage',
      ],
    },
  },
  projects: [
    // Pages of money have no script of their own: their journeys run without one, as every task must be possible.
    { name: 'js', testIgnore: /screens|axe|prices|quotas|pots|finance|funders/ },
    { name: 'axe', testMatch: /axe/ },
    // axe itself is a script: its checks run once, above.
    { name: 'nojs', testIgnore: /screens|axe|islands/, use: { javaScriptEnabled: false } },
    { name: 'screens', testMatch: /screens/ },
  ],
});
