// What somebody quick does: leave the page in the moment after a change, or begin before it is awake. Nothing is lost
// by it.
import type { Page } from "@playwright/test";
import { expect, hydrated, test } from "./fixtures.ts";
import { addToCart, fillDetails, ready, words } from "./shop.ts";

const w = words.en;

test.beforeEach(async ({ open, page, scripts }) => {
  await open(`/en/p/${w.slug}`);
  await ready(page, scripts);
});

test("the cart opened in the next moment has the thing in it", async ({ page }) => {
  await page.evaluate(async (add) => {
    const button = [...document.querySelectorAll<HTMLElement>("main button")].find((one) => one.textContent?.trim() === add);
    button?.click();
    await new Promise((resolve) => setTimeout(resolve));
    document.querySelector<HTMLElement>('header a[href$="/cart"]')?.click();
  }, w.add);
  await expect(page).toHaveURL(/\/en\/cart$/);
  await expect(page.getByRole("main")).toContainText(w.product);
});

test("a page left before the answer still adds the thing", async ({ page }) => {
  await page.evaluate((add) => {
    const button = [...document.querySelectorAll<HTMLElement>("main button")].find((one) => one.textContent?.trim() === add);
    button?.click();
    location.href = "about:blank";
  }, w.add);
  await expect(page).toHaveURL("about:blank");
  await expect(async () => {
    await page.goto("/en/cart");
    await expect(page.getByRole("main")).toContainText(w.product, { timeout: 500 });
  }).toPass({ timeout: 10_000 });
});

test.describe("in the cart", () => {
  test.beforeEach(async ({ page, scripts }) => addToCart(page, w, "en", scripts));

  const number = (page: Page) => page.getByRole("spinbutton");
  const more = (page: Page) => page.getByRole("button", { name: /^One more/ });

  test("a number changed just before going on is the number at checkout", async ({ page }) => {
    await page.evaluate(() => {
      document.querySelector<HTMLElement>('.stepper__step[value="1"]')?.click();
      document.querySelector<HTMLElement>('main a[href$="/checkout"]')?.click();
    });
    await expect(page).toHaveURL(/\/en\/checkout$/);
    await page.goto("/en/cart");
    await expect(number(page)).toHaveValue("2");
  });

  test("a number changed just before the page is left is kept", async ({ page }) => {
    await page.evaluate(() => {
      document.querySelector<HTMLElement>('.stepper__step[value="1"]')?.click();
      location.href = "about:blank";
    });
    await expect(page).toHaveURL("about:blank");
    await expect(async () => {
      await page.goto("/en/cart");
      await expect(number(page)).toHaveValue("2", { timeout: 500 });
    }).toPass({ timeout: 10_000 });
  });

  test("a second change waits for the answer to the first, and the newest number stays", async ({ page }) => {
    const asked: string[] = [];
    let answer = () => {};
    const slow = new Promise<void>((resolve) => (answer = resolve));
    await page.route("**/api/cart/quantity", async (route) => {
      asked.push(new URLSearchParams(route.request().postData() ?? "").get("quantity") ?? "");
      if (asked.length === 1) await slow;
      await route.continue();
    });
    await more(page).click();
    await expect.poll(() => asked).toEqual(["2"]);
    await more(page).click();
    await more(page).click();
    // Longer than the pause after which a change is sent.
    await page.waitForTimeout(800);
    expect(asked).toEqual(["2"]);
    answer();
    await expect.poll(() => asked).toEqual(["2", "4"]);
    await page.waitForTimeout(300);
    await expect(number(page)).toHaveValue("4");
    await page.reload();
    await expect(number(page)).toHaveValue("4");
  });

  test("the field shows what another tab made of the cart", async ({ page, context }) => {
    const other = await context.newPage();
    await other.goto("/en/cart");
    await hydrated(other);
    await number(other).fill("3");
    await other.getByRole("link", { name: w.toCheckout }).click();
    await expect(other).toHaveURL(/\/checkout$/);
    // As when the back button brings the page back.
    await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent("pageshow")));
    await expect(number(page)).toHaveValue("3");
  });

  test("what was chosen and typed at checkout before it woke up is kept", async ({ page }) => {
    let wake = () => {};
    const asleep = new Promise<void>((resolve) => (wake = resolve));
    await page.route("**/*.wasm", async (route) => {
      await asleep;
      await route.continue();
    });
    await page.goto("/en/checkout", { waitUntil: "domcontentloaded" });
    await page.getByLabel("Country").selectOption("US");
    await page.getByLabel(w.name).fill("Ann Lee");
    await page.getByLabel(w.email).focus();
    const saved = page.waitForResponse("**/api/checkout/save");
    wake();
    await expect(page.getByLabel("State")).toBeVisible();
    await saved;
    await page.reload();
    await expect(page.getByLabel("Country")).toHaveValue("US");
    await expect(page.getByLabel(w.name)).toHaveValue("Ann Lee");
  });

  test("where the payment page does not come, paying can be pressed again", async ({ page, scripts }) => {
    await page.getByRole("link", { name: w.toCheckout }).click();
    await ready(page, scripts);
    await fillDetails(page, w, "again@example.org");
    // As when the way to it is stopped: the page stays.
    const pressed = await page.evaluateHandle(() => {
      const count = { presses: 0 };
      window.addEventListener("submit", (event) => {
        if (!event.defaultPrevented) count.presses += 1;
        event.preventDefault();
      });
      return count;
    });
    await page.getByRole("button", { name: w.pay }).click();
    await expect(page.getByRole("button", { name: w.pay })).toHaveCount(0);
    await expect(page.getByRole("button", { name: w.pay })).toBeVisible({ timeout: 12_000 });
    await page.getByRole("button", { name: w.pay }).click();
    await expect.poll(() => pressed.evaluate((count) => count.presses)).toBe(2);
  });
});
