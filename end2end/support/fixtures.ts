// Every test watches its pages: an error in the page, on its console or against its security policy fails the test.
import { test as base, expect, type BrowserContext, type Page } from '@playwright/test';

export { expect };
export type { Page };

/** Chrome's own line for a document that answers 4xx, as a refused form does on purpose. */
const EXPECTED = /^Failed to load resource: the server responded with a status of 4\d\d/;

function watch(page: Page, faults: string[], runsScripts = true) {
  page.on('pageerror', (error) => faults.push(`error in ${page.url()}: ${error.message}`));
  page.on('console', (message) => {
    const text = message.text();
    const isFault = message.type() === 'error' || /Content Security Policy/i.test(text);
    if (isFault && !EXPECTED.test(text)) faults.push(`console of ${page.url()}: ${text}`);
  });
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? '';
    // Leaving a page cancels what it was still loading; a browser without JavaScript refuses to load any.
    const isRefused = !runsScripts && reason === 'csp' && request.resourceType() === 'script';
    if (reason !== 'net::ERR_ABORTED' && !isRefused) faults.push(`${request.url()}: ${reason}`);
  });
  page.on('response', (response) => {
    const isPart = response.request().resourceType() !== 'document';
    if (response.status() >= 500 || (isPart && response.status() >= 400)) {
      faults.push(`${response.url()} answered ${response.status()}`);
    }
  });
}

type Fixtures = {
  faults: string[];
  /** A browser of somebody else, watched like the first. */
  another: () => Promise<Page>;
};

export const test = base.extend<Fixtures>({
  faults: [
    async ({}, use) => {
      const faults: string[] = [];
      await use(faults);
      expect(faults).toEqual([]);
    },
    { auto: true },
  ],
  context: async ({ context, faults, javaScriptEnabled }, use) => {
    context.on('page', (page) => watch(page, faults, javaScriptEnabled));
    await use(context);
  },
  another: async ({ browser, faults, javaScriptEnabled, colorScheme }, use) => {
    const opened: BrowserContext[] = [];
    await use(async () => {
      const context = await browser.newContext({ javaScriptEnabled, colorScheme });
      opened.push(context);
      context.on('page', (page) => watch(page, faults, javaScriptEnabled));
      return context.newPage();
    });
    for (const context of opened) await context.close();
  },
});
