import { AxeBuilder } from '@axe-core/playwright';

import { expect, test } from '../support/fixtures.js';
import { VISITORS, visitAll } from '../support/pages.js';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

for (const visitor of VISITORS) {
  test(`every page of ${visitor} can be used by everybody, light and dark`, async ({ page }) => {
    test.slow();
    const found: string[] = [];
    await visitAll(page, visitor, async (path) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
        for (const { id, nodes } of violations) {
          const where = nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)}\n    ${node.any[0]?.message ?? ''}`);
          found.push(`${path} (${colorScheme}) ${id} ×${nodes.length}:\n  ${where.join('\n  ')}`);
        }
      }
    });
    expect(found, found.join('\n')).toEqual([]);
  });
}
