// Filters that are awake: they send themselves, but not under the fingers of somebody who types. Without scripts a
// button sends them, which browse.spec.ts does.
import { expect, hydrated, test } from "./fixtures.ts";

test("prices are sent when both may have been typed, not between them", async ({ page, open }) => {
  await open("/en/c/bowls");
  const { keyboard } = page;
  await page.getByLabel("From", { exact: true }).focus();
  await keyboard.type("10");
  await keyboard.press("Tab");
  await keyboard.type("3");
  // Time enough for a page that would come in between.
  await page.waitForTimeout(700);
  await keyboard.type("0");
  await expect(page).toHaveURL(/\/en\/c\/bowls$/);
  await keyboard.press("Tab");
  await expect(page).toHaveURL(/\/en\/c\/bowls\?min=10&max=30(#.*)?$/);
  await hydrated(page);
  await page.getByLabel("To", { exact: true }).fill("");
  await page.getByLabel("To", { exact: true }).press("Enter");
  await expect(page).toHaveURL(/\/en\/c\/bowls\?min=10(#.*)?$/);
});
