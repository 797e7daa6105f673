// What the specs have in common: the words of each language, the staff's command line, and the way from a
// product to the payment page.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, hydrated } from "./fixtures.ts";
import type { Page } from "@playwright/test";

const root = fileURLToPath(new URL("..", import.meta.url));

export const words = {
  en: {
    search: "bowl", product: "Tide Bowl", slug: "tide-bowl", add: "Add to cart", toCheckout: "Go to checkout",
    email: "Email", name: "Full name", street: "Street and number", city: "Town or city", postcode: "Postcode",
    continue: "Continue to delivery", pay: /^Pay /, thanks: /Thank you/, follow: "Follow the order",
    paid: "Paid", handedOver: /Handed to/, delivered: "Delivered", kept: /promise kept/,
    findOrder: "Show my order", number: "Order number", noOrder: /No order has this number/, emptyCart: "Your cart is empty",
  },
  es: {
    search: "cuenco", product: "Cuenco Marea", slug: "cuenco-marea", add: "Añadir al carrito", toCheckout: "Tramitar pedido",
    email: "Correo electrónico", name: "Nombre y apellidos", street: "Calle y número", city: "Localidad", postcode: "Código postal",
    continue: "Continuar al envío", pay: /^Pagar /, thanks: /Gracias/, follow: "Seguir el pedido",
    paid: "Pagado", handedOver: /Entregado a/, delivered: "Entregado", kept: /promesa cumplida/,
    findOrder: "Ver mi pedido", number: "Número de pedido", noOrder: /Ningún pedido tiene ese número/, emptyCart: "Tu carrito está vacío",
  },
} as const;

export type Words = (typeof words)[keyof typeof words];

/** Runs a command of the server beside the one under test, on the same database. */
export function server(...command: string[]): string {
  const database = process.env.END2END_DATABASE_URL;
  const env: NodeJS.ProcessEnv = { ...process.env, DATA_FOLDER: process.env.END2END_DATA ?? join(root, "target/end2end/data") };
  if (database) env.DATABASE_URL = database;
  return execFileSync(join(root, "target/debug/server"), command, { env, encoding: "utf8", timeout: 60_000 });
}

/** From a page with scripts or without to one that is ready for use. */
export async function ready(page: Page, scripts: boolean): Promise<void> {
  if (scripts) await hydrated(page);
}

/** Puts the product of this page into the cart and opens the cart. */
export async function addToCart(page: Page, w: Words, language: string, scripts: boolean): Promise<void> {
  await page.getByRole("main").getByRole("button", { name: w.add }).click();
  if (scripts) {
    // The badge goes up at once; the link waits for the server's answer.
    await expect(page.locator("[data-cart-count]").first()).toHaveText("1");
    await page.locator('header a[href$="/cart"]').first().click();
  }
  await expect(page).toHaveURL(new RegExp(`/${language}/cart`));
  await ready(page, scripts);
  await expect(page.getByRole("main")).toContainText(w.product);
}

/** Fills in contact and address and goes on to delivery. */
export async function fillDetails(page: Page, w: Words, email: string): Promise<void> {
  await page.getByLabel(w.email).fill(email);
  await page.getByLabel(w.name).fill("Ana Gil Pérez");
  await page.getByLabel(w.street).fill("Calle Mayor 1");
  await page.getByLabel(w.city).fill("Madrid");
  await page.getByLabel(w.postcode, { exact: true }).fill("28013");
  await page.getByRole("button", { name: w.continue }).click();
}

/** Buys the product of these words and pays for it, as far as the page that says thank you. */
export async function buy(page: Page, w: Words, language: string, email: string, scripts: boolean): Promise<void> {
  await page.goto(`/${language}/p/${w.slug}`);
  await ready(page, scripts);
  await addToCart(page, w, language, scripts);
  await page.getByRole("link", { name: w.toCheckout }).click();
  await ready(page, scripts);
  await fillDetails(page, w, email);
  await page.getByRole("button", { name: w.pay }).click();
  await payWith(page, "4242424242424242", false);
  await expect(page.getByRole("heading", { name: w.thanks })).toBeVisible();
}

/** Pays on the payment page with a card, and answers its 3-D Secure question where it asks one. */
export async function payWith(page: Page, card: string, challenge: boolean): Promise<void> {
  await expect(page).toHaveURL(/\/sandbox\/pay\//);
  await page.locator('input[name="number"]').fill(card);
  await page.locator('input[name="expiry"]').fill("12 / 40");
  await page.locator('input[name="cvc"]').fill("123");
  await page.locator('input[name="name"]').fill("ANA GIL");
  await page.locator('button[value="card"]').click();
  if (challenge) await page.locator('button[value="authorise"]').click();
}
