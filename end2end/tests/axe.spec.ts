import { AxeBuilder } from '@axe-core/playwright';

import { expect, test, type Page } from '../support/fixtures.js';
import { VISITORS, visitAll } from '../support/pages.js';

/** What can differ between light and dark: everything else is the same page. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Texts on the page that look like keys of the words, such as `filter-any`. */
function keysFor(page: Page) {
  return page.locator('body').evaluate((body) => {
    const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
    const texts: string[] = [];
    while (walker.nextNode()) {
      const { parentElement, textContent } = walker.currentNode;
      if (!parentElement?.closest('code, script')) texts.push(textContent?.trim() ?? '');
    }
    return texts.filter((text) => /^[a-z]+(-[a-z]+)+$/.test(text));
  });
}

for (const visitor of VISITORS) {
  test(`every page of ${visitor} can be used by everybody, light and dark`, async ({ page }) => {
    test.slow();
    const found: string[] = [];
    await visitAll(page, visitor, async (path) => {
      for (const key of await keysFor(page)) found.push(`${path} shows the key ${key} for a word`);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const axe = new AxeBuilder({ page });
        const { violations } = await (colorScheme === 'light' ? axe.withTags(RULES) : axe.withRules(OF_COLOURS)).analyze();
        for (const { id, nodes } of violations) {
          const where = nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)}\n    ${node.any[0]?.message ?? ''}`);
          found.push(`${path} (${colorScheme}) ${id} ×${nodes.length}:\n  ${where.join('\n  ')}`);
        }
      }
    });
    expect(found, found.join('\n')).toEqual([]);
  });
}
