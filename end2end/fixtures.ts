// The `test` and `expect` that every spec imports instead of Playwright's own: a test fails on any
// warning or error in the browser's console and on an uncaught exception;
// `open` waits until the islands are awake.
import { test as base, expect, type Page } from "@playwright/test";

// What Chromium says where a page came before its transition from the last one could begin: on a busy machine, of any page.
const TRANSITION = /^exception: Transition was (aborted|skipped)/;

type Fixtures = {
  /** Complaints that a test expects: `test.use({ allowed: /401/ })`. */
  allowed: RegExp | undefined;
  /** Whether this run has scripts. */
  scripts: boolean;
  /** Opens an address and waits until the page is ready for use: with scripts, until hydrated. */
  open: (path: string) => Promise<void>;
};

export const test = base.extend<Fixtures>({
  allowed: [undefined, { option: true }],

  scripts: async ({ javaScriptEnabled }, use) => use(javaScriptEnabled !== false),

  page: async ({ page, allowed }, use) => {
    const complaints: string[] = [];
    const note = (text: string) => {
      if (!TRANSITION.test(text) && !allowed?.test(text)) complaints.push(text);
    };
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") {
        note(`${message.type()}: ${message.text()} (${message.location().url})`);
      }
    });
    page.on("pageerror", (error) => note(`exception: ${error.message}`));
    await use(page);
    expect(complaints, "complaints in the browser's console").toEqual([]);
  },

  open: async ({ page, scripts }, use) => {
    await use(async (path) => {
      await page.goto(path);
      if (scripts) await hydrated(page);
    });
  },
});

/** Waits until the page's islands are awake; boot.js leaves the mark. */
export async function hydrated(page: Page): Promise<void> {
  await expect(page.locator("html")).toHaveAttribute("data-hydrated", "true");
}

export { expect };
