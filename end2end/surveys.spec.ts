// A shopper answers on a phone from the link in a mail, goes on in another browser, and finishes; with scripts and without,
// in both languages.
import type { Page } from "@playwright/test";
import { hire, logIn } from "./desk.ts";
import { expect, hydrated, test } from "./fixtures.ts";
import { asked, choose, progress, said, steps } from "./asked.ts";
import { ready } from "./shop.ts";

test.use({ viewport: { width: 360, height: 740 }, allowed: /\/favicon\.ico\)$|status of (404|422)/ });

/** As the quality desk counts them; before the first there is no figure. */
async function finishedSurveys(manager: Page): Promise<number> {
  await manager.goto("/en/desk/quality");
  const figure = manager.locator(".card-figure").filter({ hasText: "Finished surveys" }).locator("strong");
  return (await figure.count()) > 0 ? Number(await figure.first().innerText()) : 0;
}

for (const language of ["en", "es"] as const) {
  const w = said[language];

  test(`half of it on one phone, the rest on another (${language})`, async ({ page, scripts, browser, baseURL }) => {
    test.setTimeout(180_000);
    const link = await asked(page, language, scripts);
    await page.goto(link);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(w.title);
    await page.getByRole("button", { name: w.begin }).click();
    for (let question = 1; question <= 4; question += 1) {
      await ready(page, scripts);
      expect((await progress(page, w))[0]).toBe(question);
      const answer = question === 2 ? page.getByRole("radio", { name: w.apart }) : steps(page).nth(question);
      await choose(answer);
      await page.getByRole("button", { name: w.next }).click();
      await expect(page.locator("#progress")).not.toHaveText(new RegExp(`\\b${question} `));
    }
    // Back shows what was chosen, and a click twice does no harm.
    await page.getByRole("link", { name: w.back }).click();
    await expect(steps(page).nth(4)).toBeChecked();
    await page.getByRole("button", { name: w.next }).dblclick();
    await expect.poll(async () => (await progress(page, w))[0]).toBeGreaterThanOrEqual(5);

    const other = await (await browser.newContext({ baseURL, javaScriptEnabled: scripts, viewport: { width: 390, height: 800 } })).newPage();
    await other.goto(link);
    expect((await progress(other, w))[0]).toBe(5);
    for (;;) {
      await ready(other, scripts);
      if ((await other.locator("#progress").count()) === 0) break;
      const before = (await other.locator("#progress").textContent()) ?? "";
      if ((await other.getByRole("group", { name: w.gate }).count()) > 0) await choose(other.getByRole("radio", { name: w.yes }));
      else if ((await steps(other).count()) > 0) await choose(steps(other).nth(3));
      else await other.getByLabel(w.words).fill("The bowl <sings>.");
      await other.getByRole("button", { name: w.next }).click();
      await expect(other.locator("body")).not.toContainText(before);
    }
    await expect(other.getByRole("heading", { level: 1 })).toHaveText(w.last);
    await expect(other.getByText(w.left)).toHaveCount(0);
    const manager = await (await browser.newContext({ baseURL, locale: "en", javaScriptEnabled: scripts })).newPage();
    await logIn(manager, hire("Mar", "agent", "manager"), scripts);
    const before = await finishedSurveys(manager);
    await other.getByRole("button", { name: w.finish }).click();
    await expect(other.getByRole("heading", { level: 1 })).toHaveText(w.thanks);
    expect(await finishedSurveys(manager)).toBeGreaterThan(before);
    await manager.context().close();
    await other.goBack();
    await other.reload();
    await expect(other.getByText(w.again)).toBeVisible();
    await other.context().close();
    await page.goto(link);
    await expect(page.getByText(w.again)).toBeVisible();
    await page.goto(`/${language}/survey?t=guess`);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(w.over);
  });

  test(`all on one page, and what only those are asked who had a problem (${language})`, async ({ page, scripts }) => {
    test.setTimeout(120_000);
    const link = await asked(page, language, scripts);
    await page.goto(link);
    await page.getByRole("button", { name: w.all }).click();
    await ready(page, scripts);
    await expect(page.getByRole("group", { name: w.recovery })).toBeHidden();
    await choose(page.getByRole("group", { name: w.gate }).getByRole("radio", { name: w.yes }));
    const recovery = page.getByRole("group", { name: w.recovery });
    await expect(recovery).toBeVisible();
    await choose(recovery.getByRole("radio").first());
    await page.getByLabel(w.words).fill("Twice broken.");
    await page.getByRole("button", { name: w.stay }).click();
    await expect(page.getByText(w.kept)).toBeVisible();
    await expect(page.getByLabel(w.words)).toHaveValue("Twice broken.");
    await expect(page.getByRole("group", { name: w.recovery }).getByRole("radio").first()).toBeChecked();
    await page.getByRole("button", { name: w.finish }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(w.thanks);
  });

  test(`one button ends all surveys (${language})`, async ({ page, scripts }) => {
    test.setTimeout(120_000);
    const link = await asked(page, language, scripts);
    await page.goto(link.replace("/survey?", "/survey/stop?"));
    if (scripts) await hydrated(page);
    await page.getByRole("button", { name: w.stop }).click();
    await expect(page.getByText(w.stopped)).toBeVisible();
  });
}
