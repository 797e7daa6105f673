// A manager looks up who bought, reads why they are in their classes, and moves the lines; with scripts and without.
import { expect, test } from "./fixtures.ts";
import { hire, logIn } from "./desk.ts";
import { buy, server, words } from "./shop.ts";

test.use({ allowed: /\/favicon\.ico\)$/ });

test("a manager finds a buyer, reads why they are where they are, and moves the lines", async ({ page, scripts, browser, baseURL }) => {
  test.setTimeout(90_000);
  const email = `ana-${scripts}-${Date.now()}@example.org`;
  await buy(page, words.en, "en", email, scripts);
  // As every night does.
  server("customers", "classify");

  const desk = await (await browser.newContext({ baseURL, javaScriptEnabled: scripts })).newPage();
  await logIn(desk, hire("Olga Vidal", "manager"), scripts);
  await desk.getByRole("link", { name: "Customers" }).click();
  await desk.getByLabel("Name or email").fill(email.toUpperCase());
  await desk.getByRole("button", { name: "Show" }).click();
  const row = desk.getByRole("row").filter({ hasText: email });
  await expect(row).toContainText("occasional: 1 order in 12 months");
  await expect(row).toContainText("active: last order on");
  // What was asked for is in the address: it outlives a refresh, and the way back leads to it.
  await desk.reload();
  await expect(row).toHaveCount(1);
  await desk.getByLabel("Class", { exact: true }).selectOption("inactive");
  await desk.getByRole("button", { name: "Show" }).click();
  await expect(desk.getByText("Nobody fits.")).toBeVisible();
  await desk.goBack();
  await row.getByRole("link").click();
  await expect(desk.getByRole("main")).toContainText("occasional: 1 order in 12 months");
  await expect(desk.locator("section[aria-labelledby=orders] tbody tr")).toHaveCount(1);

  await desk.goto("/en/desk/customers");
  const many = desk.getByLabel("Frequent or habitual: orders in 12 months");
  await many.fill("4");
  await desk.getByRole("button", { name: "Set the lines" }).click();
  await expect(desk.getByText("The lines are set.")).toBeVisible();
  await expect(desk.getByText("4 orders or more in the last 12 months").first()).toBeVisible();
  await expect(many).toHaveValue("4");
  await desk.context().close();
});
