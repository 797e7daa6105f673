// Store credit at the checkout, in both languages, with scripts and without: a code that is wrong, one that pays a part, and
// one that pays all.
import type { Browser } from "@playwright/test";
import { hire, logIn } from "./desk.ts";
import { expect, test } from "./fixtures.ts";
import { addToCart, fillDetails, payWith, ready, server, words } from "./shop.ts";

// The payment page names no icon; a page transition ends there, at a page without one.
test.use({ allowed: /status of 404 .*\/favicon\.ico\)$|status of 422 .*\/api\// });

const said = {
  en: {
    have: "I have store credit", code: "Code (optional)", use: "Use this code", unknown: /We know no such code/, due: "Left to pay", covers: /Your store credit covers it all/,
    left: /stay on your code for another time/, place: "Place the order", paidBy: "Paid with store credit",
  },
  es: {
    have: "Tengo saldo de la tienda", code: "Código (opcional)", use: "Usar este código", unknown: /No conocemos ese código/, due: "Queda por pagar", covers: /Tu saldo lo cubre todo/,
    left: /En tu código quedan/, place: "Hacer el pedido", paidBy: /Pagado con saldo/,
  },
} as const;

/** The code of a credit that an agent gives for a complaint. */
async function creditOf(browser: Browser, amount: string): Promise<string> {
  const email = `credit-${Math.random().toString(36).slice(2)}@example.org`;
  const context = await browser.newContext({ baseURL: test.info().project.use.baseURL, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto("/en/complaints/new");
  const form = page.locator(".complaint__form");
  await form.getByLabel("What happened?").fill("It came broken.");
  await form.getByLabel("How do you want it solved?").fill("Something back.");
  await form.getByLabel("Name", { exact: true }).fill("Ana Gil");
  await form.getByLabel("Email").fill(email);
  await form.getByRole("button", { name: "Send" }).click();
  const number = ((await page.getByRole("heading", { level: 1 }).textContent()) ?? "").match(/\d+/)?.[0] ?? "";
  await logIn(page, hire("Eva", "agent"), false);
  await page.goto(`/en/desk/complaints/${number}`);
  await page.getByRole("button", { name: "I attend to it" }).click();
  const give = page.locator("#compensate");
  await give.getByLabel("Amount").fill(amount);
  await give.getByLabel("Why (among staff)").fill("broken");
  await give.getByRole("button", { name: "Give it and write to the customer" }).click();
  await expect(give.getByLabel("Amount"), "what is refused stays").toHaveValue("");
  await context.close();
  const letters = server("mail", "list", "--limit", "60", "--full").split("-".repeat(72));
  const letter = letters.find((text) => text.includes(email) && text.includes("Your code is"));
  return letter?.match(/[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}/)?.[0] ?? "";
}

for (const language of ["en", "es"] as const) {
  const w = words[language];
  const s = said[language];

  test(`a code pays a part, and a wrong one is said beside its field (${language})`, async ({ browser, page, open, scripts }) => {
    test.setTimeout(120_000);
    const code = await creditOf(browser, "5");
    await open(`/${language}/p/${w.slug}`);
    await addToCart(page, w, language, scripts);
    await page.getByRole("link", { name: w.toCheckout }).click();
    await ready(page, scripts);
    await fillDetails(page, w, `part-${language}-${scripts ? "awake" : "asleep"}@example.org`);
    const pay = page.getByRole("button", { name: w.pay });
    await expect(pay).toBeEnabled();
    const whole = await pay.textContent();
    const field = page.getByLabel(s.code, { exact: true });
    await page.getByText(s.have).click();
    await field.fill("ABCD-1234-ABCD-1234");
    await page.getByRole("button", { name: s.use }).click();
    const problem = page.locator("#credit-error");
    await expect(problem).toHaveText(s.unknown);
    await expect(field).toHaveValue("ABCD-1234-ABCD-1234");
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await expect(page.getByLabel(w.street)).toHaveValue("Calle Mayor 1");
    await field.fill(code.toLowerCase());
    await page.getByRole("button", { name: s.use }).click();
    // The folded copy of the summary holds it as well.
    await expect(page.getByText(s.due).filter({ visible: true }).first()).toBeVisible();
    await expect(problem).toBeHidden();
    await expect(pay).not.toHaveText(whole ?? "");
    await pay.click();
    await payWith(page, "4242424242424242", false);
    await page.getByRole("link", { name: w.follow }).click();
    await expect(page.getByRole("main")).toContainText(s.paidBy);
  });

  test(`a code that covers all asks for no card (${language})`, async ({ browser, page, open, scripts }) => {
    test.setTimeout(120_000);
    const code = await creditOf(browser, "90");
    await open(`/${language}/p/${w.slug}`);
    await addToCart(page, w, language, scripts);
    await page.getByRole("link", { name: w.toCheckout }).click();
    await ready(page, scripts);
    await fillDetails(page, w, `all-${language}-${scripts ? "awake" : "asleep"}@example.org`);
    await page.getByText(s.have).click();
    await page.getByLabel(s.code, { exact: true }).fill(code);
    await page.getByRole("button", { name: s.use }).click();
    await expect(page.getByText(s.covers)).toBeVisible();
    await expect(page.getByText(s.left)).toBeVisible();
    await page.getByRole("button", { name: s.place }).click();
    await expect(page).toHaveURL(new RegExp(`/${language}/order/`));
    await expect(page.getByRole("main")).toContainText(s.paidBy);
    await expect(page.getByRole("main")).toContainText(w.paid);
  });
}
