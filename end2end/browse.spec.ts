// Looking around and filling the cart: addresses stay clean, few pieces are said to be few, and delivery is told for
// the country somebody named.
import { expect, test } from "./fixtures.ts";
import { addToCart, ready, words } from "./shop.ts";

test("filters that nobody filled in leave no trace in the address", async ({ page, open, scripts }) => {
  await open("/en/c/bowls");
  const asked: string[] = [];
  page.on("request", (request) => request.isNavigationRequest() && asked.push(request.url()));
  const inStock = page.getByRole("checkbox", { name: "In stock" });
  await inStock.check();
  // With scripts a change is sent at once, and without the empty fields.
  if (!scripts) await page.getByRole("button", { name: "Show results" }).click();
  await expect(page).toHaveURL(/\/en\/c\/bowls\?stock=1(#.*)?$/);
  await expect(inStock).toBeChecked();
  // A browser without scripts sends every field and is led on.
  expect(asked.length, asked.join(" ")).toBe(scripts ? 1 : 2);
});

test("a card says when few are left, and only then", async ({ page, open }) => {
  await open("/en/c/lamps");
  await expect(page.getByRole("article").filter({ hasText: "Pillar Lamp" })).toContainText("Only 3 left");
  await expect(page.getByRole("article").filter({ hasText: "Dusk Lamp" })).not.toContainText(/left/);
});

test("the home page and a category show the merchant's own pictures", async ({ page, open }) => {
  await open("/es");
  const hero = page.locator(".hero img");
  await expect(hero).toHaveAttribute("alt", /Estantes de madera/);
  await expect(hero).toHaveAttribute("fetchpriority", "high");
  await expect(hero).toHaveAttribute("width", "1600");
  await open("/en/c/kitchen");
  await expect(page.locator(".heading img")).toHaveAttribute("alt", /kitchen counter/);
});

test("the cart says what is missing for free delivery and follows the quantity", async ({ page, open, scripts }) => {
  await open("/en/p/tide-bowl?glaze=moss&size=small");
  await addToCart(page, words.en, "en", scripts);
  const summary = page.getByRole("complementary").first();
  await expect(summary).toContainText("€68.00 more and delivery to Spain is free.");
  const quantity = page.getByRole("spinbutton");
  await quantity.fill("5");
  if (!scripts) await page.getByRole("button", { name: "Update" }).click();
  await expect(summary).toContainText("Delivery to Spain is free.");
  await expect(summary).not.toContainText("more and");
});

test("delivery is told for the country named at checkout, and for the shop's own to everybody else", async ({ page, open, scripts }) => {
  const w = words.en;
  await open("/en/p/tide-bowl?glaze=moss&size=small");
  await expect(page.locator(".buy__delivery")).toContainText("in Spain");
  await addToCart(page, w, "en", scripts);
  await page.getByRole("link", { name: w.toCheckout }).click();
  await ready(page, scripts);
  await page.getByLabel("Country").selectOption("NL");
  await page.getByLabel(w.postcode, { exact: true }).fill("1012 AB");
  await page.getByRole("button", { name: w.continue }).click();
  await expect(page.getByText("Write your full name").first()).toBeVisible();

  await open("/en/cart");
  await expect(page.getByRole("complementary").first()).toContainText("€128.00 more and delivery to the Netherlands is free.");
  // The page is kept for everybody: with scripts off it goes on telling of Spain, by name.
  await open("/en/p/tide-bowl");
  await expect(page.locator(".buy__delivery")).toContainText(scripts ? "in the Netherlands" : "in Spain");
  const everybody = await (await fetch(new URL("/en/p/tide-bowl", page.url()))).text();
  expect(everybody).toContain("in Spain");
  expect(everybody).not.toContain("in the Netherlands");
});

test("the page on delivery lists the merchant's ways with price, threshold and dates", async ({ page, open }) => {
  await open("/es/info/delivery");
  const spain = page.locator(".zone").filter({ has: page.getByRole("heading", { name: "España" }) });
  await expect(spain.getByRole("listitem").first()).toContainText(/Estándar.*Correos Express.*Hasta 2 kg.*4,90.*Desde 90,00.*Gratis/s);
  await expect(spain.locator(".ways__dates").first()).toHaveText(/\d/);
  await expect(page.getByRole("heading", { name: "Baleares, Canarias, Ceuta y Melilla" })).toBeVisible();
  await expect(page.locator(".zone")).toHaveCount(4);
});
