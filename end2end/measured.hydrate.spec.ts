// A page that is left says how quick it was, and a manager reads it.
import { hire, logIn } from "./desk.ts";
import { expect, test } from "./fixtures.ts";

test("what a browser measured is in the manager's report", async ({ page, browser, open }) => {
  await open("/en/p/tide-bowl");
  // What measures comes last of all.
  await page.waitForLoadState("networkidle");
  await page.getByRole("main").click();
  await page.goto("/en/info/returns");

  const desk = await browser.newPage();
  await logIn(desk, hire("Vera", "manager"), true);
  await desk.goto("/en/desk/reports");
  await desk.getByRole("link", { name: "What the shop measured of itself" }).click();
  const card = desk.locator(".card-figure").filter({ hasText: "First screen painted (LCP)" });
  await expect(card).toContainText(/[\d.]+ m?s/);
  await expect(card).toContainText(/good|needs work|poor/);
  await expect(desk.getByRole("img", { name: /First screen painted/ })).toBeVisible();
  await desk.getByText("How it is computed").click();
  await expect(desk.getByText(/75th percentile/)).toBeVisible();
  await desk.close();
});
