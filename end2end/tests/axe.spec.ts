import { AxeBuilder } from '@axe-core/playwright';

import { expect, test, type Page } from '../support/fixtures.js';
import { VISITORS, visitAll } from '../support/pages.js';

/** What can differ between light and dark: everything else is the same page. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Elements and classes that were looked at in the dark: colours depend on nothing else. */
const seenInTheDark = new Set<string>();

/** Whether the page has anything that was not looked at in the dark yet. */
async function isNewInTheDark(page: Page) {
  const kinds = await page.locator('body').evaluate((body) => {
    const kinds = new Set<string>();
    for (const element of body.querySelectorAll('*')) {
      const within = element.closest('.panel, .notice, .table, .empty, nav, header, footer')?.className ?? '';
      kinds.add(`${within} ${element.tagName} ${element.getAttribute('class') ?? ''}`);
    }
    return [...kinds];
  });
  const isNew = kinds.some((kind) => !seenInTheDark.has(kind));
  for (const kind of kinds) seenInTheDark.add(kind);
  return isNew;
}

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
        if (colorScheme === 'dark' && !(await isNewInTheDark(page))) continue;
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
