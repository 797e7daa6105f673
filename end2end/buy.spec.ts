// The whole way, in both languages, with scripts and without: search, product, cart, checkout, a card that asks for
// 3-D Secure, the confirmation, and the tracking page to the door.
import { expect, test } from "./fixtures.ts";
import { addToCart, fillDetails, payWith, ready, server, words } from "./shop.ts";

// The browser logs a refused look-up or card, the icon that the payment page does not name, and a page transition that
// ends there, at a page without one.
test.use({ allowed: /status of 404 .*\/favicon\.ico\)$|status of 422 .*\/(api|sandbox\/pay)\// });

for (const language of ["en", "es"] as const) {
  const w = words[language];

  test(`a shopper buys and follows the order to the door (${language})`, async ({ page, open, scripts }) => {
    test.setTimeout(120_000);
    const email = `ana-${language}-${scripts ? "awake" : "asleep"}@example.org`;

    await open(`/${language}`);
    await page.getByRole("combobox").fill(w.search);
    await page.getByRole("combobox").press("Enter");
    await expect(page).toHaveURL(new RegExp(`/${language}/search\\?q=`));
    await page.getByRole("link", { name: w.product }).first().click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(w.product);
    await ready(page, scripts);

    await addToCart(page, w, language, scripts);
    await page.getByRole("link", { name: w.toCheckout }).click();
    await ready(page, scripts);
    await fillDetails(page, w, email);
    const pay = page.getByRole("button", { name: w.pay });
    await expect(pay).toBeEnabled();
    const total = ((await pay.textContent()) ?? "").replace(w.pay, "").trim();
    await pay.click();

    await expect(page.getByText(total).first()).toBeVisible();
    await payWith(page, "4000002760003184", true);
    await expect(page.getByRole("heading", { name: w.thanks })).toBeVisible();

    await page.getByRole("link", { name: w.follow }).click();
    await expect(page).toHaveURL(new RegExp(`/${language}/order/`));
    const main = page.getByRole("main");
    await expect(main).toContainText(total);
    await expect(main).toContainText(w.paid);
    const number = page.url().match(/order\/([^?]+)/)?.[1] ?? "";

    server("orders", "pack", number);
    server("orders", "ship", number, "--carrier", "correos", "--tracking", `T-${number}`);
    await page.reload();
    await expect(main).toContainText(w.handedOver);
    await expect(main).toContainText(`T-${number}`);
    server("orders", "deliver", number);
    await page.reload();
    await expect(main).toContainText(w.kept);

    await page.goto(`/${language}/cart`);
    await expect(page.getByText(w.emptyCart)).toBeVisible();
    expect(server("mail", "list", "--limit", "60")).toContain(email);
  });

  test(`an order is found by number and mail, and by nothing less (${language})`, async ({ page, open }) => {
    await open(`/${language}/track`);
    await page.getByLabel(w.number).fill("V-1");
    await page.getByLabel(w.email).fill("nobody@example.org");
    await page.getByRole("button", { name: w.findOrder }).click();
    await expect(page.getByText(w.noOrder)).toBeVisible();
    await expect(page.getByLabel(w.number)).toHaveValue("V-1");
  });
}

test("a declined card changes nothing, and another one pays", async ({ page, open, scripts }) => {
  const w = words.en;
  await open("/en/p/tide-bowl");
  await addToCart(page, w, "en", scripts);
  await page.getByRole("link", { name: w.toCheckout }).click();
  await ready(page, scripts);
  await fillDetails(page, w, "declined@example.org");
  await page.getByRole("button", { name: w.pay }).click();
  await payWith(page, "4000000000000002", false);
  await expect(page).toHaveURL(/\/sandbox\/pay\//);
  await expect(page.getByText(/declined/i).first()).toBeVisible();
  await payWith(page, "4242424242424242", false);
  await expect(page.getByRole("heading", { name: w.thanks })).toBeVisible();
});

test("what is wrong is said beside its field, and nothing typed is lost", async ({ page, open, scripts }) => {
  const w = words.en;
  await open("/en/p/tide-bowl");
  await addToCart(page, w, "en", scripts);
  await page.getByRole("link", { name: w.toCheckout }).click();
  await ready(page, scripts);
  await page.getByLabel(w.email).fill("ana@");
  await page.getByLabel(w.name).fill("Ana");
  await page.getByLabel(w.postcode, { exact: true }).fill("1");
  await page.getByRole("button", { name: w.continue }).click();
  await expect(page.getByText("It should look like 28013.").first()).toBeVisible();
  await expect(page.getByLabel(w.email)).toHaveValue("ana@");
  await page.reload();
  await expect(page.getByLabel(w.name)).toHaveValue("Ana");
  await expect(page.getByRole("button", { name: w.pay })).toHaveCount(0);
});

test("one shopper's cart is not another's", async ({ page, open, scripts, browser }) => {
  await open("/en/p/tide-bowl");
  await addToCart(page, words.en, "en", scripts);
  const stranger = await (await browser.newContext({ javaScriptEnabled: scripts })).newPage();
  await stranger.goto(new URL("/en/cart", page.url()).href);
  await expect(stranger.getByText(words.en.emptyCart)).toBeVisible();
  // These are kept and given to all: the number on the badge is the reader's own.
  for (const path of ["/en", "/en/p/tide-bowl"]) {
    await page.goto(path);
    await expect(page.locator("[data-cart-count]").first()).toHaveText("1");
    await stranger.goto(new URL(path, page.url()).href);
    await ready(stranger, scripts);
    await expect(stranger.locator("[data-cart-count]").first()).toHaveText("");
  }
  await stranger.context().close();
});
