// Nobody is left out: axe finds nothing to say against WCAG 2.2 AA on any page, in light and in dark, and no page
// scrolls sideways. Axe is a script itself, so these run only with scripts on.
import { examine } from "./examine.ts";
import { expect, test } from "./fixtures.ts";
import { addToCart, fillDetails, payWith, ready, words } from "./shop.ts";

test.use({ contextOptions: { reducedMotion: "reduce" }, allowed: /404/ });

const wide = ["/en", "/es/c/mesa", "/en/search?q=bowl", "/en/p/tide-bowl", "/en/info/delivery"];
const narrow = [
  ...wide, "/en/c/bowls?stock=1&o=glaze:sea", "/es/search?q=qqqzzz", "/en/p/spring-carafe", "/en/cart", "/en/checkout", "/en/track",
  "/es/info/contact", "/en/nothing-here", "/es/desk/login", "/en/desk/forgotten", "/es/account/login", "/en/account/register",
];

for (const [name, width, pages] of [["phone", 360, narrow], ["desktop", 1440, wide]] as const) {
  test.describe(name, () => {
    test.use({ viewport: { width, height: 740 } });

    for (const path of pages) {
      test(`${path} on a ${name}`, async ({ page, open }) => {
        await open(path);
        await examine(page, path);
      });
    }

    test(`the way from the cart to the order on a ${name}`, async ({ page, open, scripts }) => {
      test.slow();
      const w = words.en;
      await open("/en/p/tide-bowl");
      await addToCart(page, w, "en", scripts);
      await examine(page, "a cart");
      await page.getByRole("link", { name: w.toCheckout }).click();
      await ready(page, scripts);
      await page.getByRole("button", { name: w.continue }).click();
      await expect(page.getByText("Write the postcode.").first()).toBeVisible();
      await examine(page, "checkout with errors");
      await fillDetails(page, w, "ana@example.org");
      await expect(page.getByRole("button", { name: w.pay })).toBeVisible();
      await examine(page, "checkout before paying");
      await page.getByRole("button", { name: w.pay }).click();
      await payWith(page, "4242424242424242", false);
      await expect(page.getByRole("heading", { name: w.thanks })).toBeVisible();
      await examine(page, "thanks");
      await page.getByRole("link", { name: w.follow }).click();
      await expect(page.getByText(w.paid).first()).toBeVisible();
      await examine(page, "the order");
    });
  });
}
