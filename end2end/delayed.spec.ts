// Paying by bank debit, whose outcome takes a while: the cart is empty meanwhile, and when the money does not come, one
// click on the order's page puts everything back.
import { expect, test } from "./fixtures.ts";
import { addToCart, fillDetails, ready, words, type Words } from "./shop.ts";
import type { Page } from "@playwright/test";

test.use({ allowed: /favicon/ });

const w = words.en;

async function orderByDebit(page: Page, w: Words, outcome: "debit_succeeds" | "debit_fails", scripts: boolean): Promise<string> {
  await addToCart(page, w, "en", scripts);
  await page.getByRole("link", { name: w.toCheckout }).click();
  await ready(page, scripts);
  await fillDetails(page, w, "debit@example.org");
  await page.getByRole("button", { name: w.pay }).click();
  const bank = page.locator("details", { has: page.locator(`button[value="${outcome}"]`) });
  await bank.locator("summary").click();
  await bank.locator(`button[value="${outcome}"]`).click();
  await expect(page.getByRole("heading", { name: "Your payment is on its way" })).toBeVisible();
  return (await page.getByRole("link", { name: w.follow }).getAttribute("href")) ?? "";
}

test("what is paid by debit leaves the cart, and comes back with one click when the money does not", async ({ page, open, scripts }) => {
  test.setTimeout(120_000);
  await open("/en/p/tide-bowl");
  const order = await orderByDebit(page, w, "debit_fails", scripts);
  await open("/en/cart");
  await expect(page.getByText(w.emptyCart)).toBeVisible();
  await open(order);
  await expect(page.getByRole("main")).toContainText("you need not order again");

  const putBack = page.getByRole("button", { name: "Put everything back in the cart" });
  await expect(async () => {
    await page.reload();
    await expect(putBack).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 60_000 });
  await expect(page.getByRole("main")).toContainText("Nothing was charged");
  await putBack.click();
  await expect(page).toHaveURL(/\/en\/cart$/);
  await ready(page, scripts);
  await expect(page.getByRole("main")).toContainText(w.product);
  await page.getByRole("link", { name: w.toCheckout }).click();
  await expect(page.getByLabel(w.email)).toHaveValue("debit@example.org");
  await open(order);
  await expect(putBack).toHaveCount(0);
});
