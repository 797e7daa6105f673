// With scripts: what is chosen is saved before the form is sent, a lost network is said and made up for, the keyboard does
// everything, and axe has nothing to say.
import { expect, hydrated, test } from "./fixtures.ts";
import { examine } from "./examine.ts";
import { asked, choose, progress, said, steps } from "./asked.ts";
import { Hands } from "./hands.ts";

test.use({
  viewport: { width: 360, height: 740 },
  contextOptions: { reducedMotion: "reduce" },
  allowed: /\/favicon\.ico\)$|status of (404|422)|ERR_FAILED/,
});

const w = said.en;

test("an answer is saved as it is chosen, and what could not be sent is sent later", async ({ page, browser, baseURL }) => {
  test.setTimeout(120_000);
  const link = await asked(page, "en", true);
  await page.goto(link);
  await page.getByRole("button", { name: w.begin }).click();
  await hydrated(page);
  await choose(steps(page).nth(1));
  await expect(page.getByText(w.saved, { exact: true })).toBeVisible();
  const other = await (await browser.newContext({ baseURL })).newPage();
  await other.goto(link);
  expect((await progress(other, w))[0]).toBe(2);
  await other.context().close();

  await page.route("**/api/survey/save", (route) => route.abort());
  await choose(steps(page).nth(4));
  await expect(page.getByText(w.waits)).toBeVisible();
  await page.unroute("**/api/survey/save");
  await expect(page.getByText(w.saved, { exact: true })).toBeVisible({ timeout: 15_000 });
  await page.reload();
  await page.goto(`${link}&q=1`);
  await expect(steps(page).nth(4)).toBeChecked();
});

test("the keyboard alone answers it all", async ({ page }) => {
  test.setTimeout(240_000);
  const hands = new Hands(page, true);
  await page.goto(await asked(page, "en", true));
  await hydrated(page);
  await hands.press(page.getByRole("button", { name: w.begin }));
  for (;;) {
    await expect(page.locator("h1")).toBeVisible();
    await hydrated(page);
    if ((await page.locator("#progress").count()) === 0) break;
    const before = (await page.locator("#progress").textContent()) ?? "";
    if ((await steps(page).count()) > 0) {
      for (let step = 0; step < 40 && !(await steps(page).first().evaluate((radio) => radio === document.activeElement)); step += 1) {
        await page.keyboard.press("Tab");
      }
      await page.keyboard.press("Space");
      await expect(steps(page).first()).toBeChecked();
      await page.keyboard.press("ArrowDown");
      await expect(steps(page).nth(1)).toBeChecked();
    } else {
      await hands.write(page.getByLabel(w.words), "By keyboard.");
    }
    await hands.press(page.getByRole("button", { name: w.next }));
    await expect(page.locator("body")).not.toContainText(before);
  }
  await hands.press(page.getByRole("button", { name: w.finish }));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(w.thanks);
});

test("nobody is left out", async ({ page }) => {
  test.setTimeout(180_000);
  const link = await asked(page, "en", true);
  await page.goto(link);
  await examine(page, "cover");
  await page.getByRole("button", { name: w.begin }).click();
  await hydrated(page);
  await examine(page, "a question");
  await page.goto(`${link}&view=all`);
  await hydrated(page);
  await choose(page.getByRole("group", { name: w.gate }).getByRole("radio", { name: w.yes }));
  await examine(page, "all questions");
  await page.goto(`${link}&q=99`);
  await examine(page, "the end");
  await page.getByRole("button", { name: w.finish }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/Thank you|last question/);
  await examine(page, "after the end");
  await page.goto(link.replace("/survey?", "/survey/stop?"));
  await examine(page, "no more surveys");
});
