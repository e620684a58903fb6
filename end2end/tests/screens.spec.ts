import { test } from '../support/fixtures.js';
import { VISITORS, visitAll } from '../support/pages.js';

const WIDTHS = [390, 768, 1280];

for (const visitor of VISITORS) {
  test(`pictures of the pages of ${visitor}`, async ({ page }) => {
    test.setTimeout(600_000);
    await visitAll(page, visitor, async (path) => {
      const name = path.replace(/^\//, '').replace(/[^\w.-]+/g, '_').replace(/[0-9a-f-]{36}/, 'id') || 'landing';
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          await page.screenshot({ path: `screenshots/${visitor}/${name}.${width}.${colorScheme}.png`, fullPage: true });
        }
      }
    });
  });
}
