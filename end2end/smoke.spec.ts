// The shop is there: the first page, its style and a page that does not exist.
import { expect, test } from "./fixtures.ts";

test("the first page is served with its style", async ({ page, open }) => {
  await open("/");
  await expect(page).toHaveTitle(/.+/);
  await expect(page.getByRole("main")).toBeVisible();
  const sheets = await page.locator('link[rel="stylesheet"]').evaluateAll((links) =>
    links.map((link) => (link as HTMLLinkElement).sheet?.cssRules.length ?? 0),
  );
  expect(sheets.some((rules) => rules > 0)).toBe(true);
});

test("an unknown address says so", async ({ request }) => {
  const response = await request.get("/there-is-nothing-here");
  expect(response.status()).toBe(404);
});
