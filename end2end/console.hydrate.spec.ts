// The console without a pointer: every step has its key.
import { hire, logIn, noteCall } from "./desk.ts";
import { expect, hydrated, test } from "./fixtures.ts";

test("every step has its key, and none is taken from somebody who types", async ({ page }) => {
  test.setTimeout(60_000);
  await logIn(page, hire("Leo", "agent"), true);
  await noteCall(page, "First Caller", "About plates", true);
  await noteCall(page, "Second Caller", "About bowls", true);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  const focused = await page.evaluate(() => (document.activeElement as HTMLAnchorElement).href);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(focused);
  await hydrated(page);
  await page.keyboard.press("r");
  await expect(page.locator("#composer")).toBeFocused();
  await page.keyboard.type("jtx? /hel");
  await expect(page.getByRole("listbox", { name: "Templates" }).getByRole("option").first()).toContainText("/hello");
  await page.keyboard.press("Enter");
  await expect(page.locator("#composer")).toHaveValue(/^jtx\? Hello (First|Second) Caller, this is Leo\./);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("log")).toContainText("this is Leo.");
  await page.keyboard.press("Escape");
  await page.keyboard.press("x");
  await expect(page.getByLabel("Why it is closed")).toBeFocused();
});
