// Somebody unhappy answers a survey and asks to be answered; an agent finds the case, takes it and writes; the person says
// first that it is not solved and then that it is. With scripts and without, in both languages.
import { expect, test } from "./fixtures.ts";
import { asked, choose, said } from "./asked.ts";
import { hire, logIn } from "./desk.ts";
import { ready, server } from "./shop.ts";

test.use({ viewport: { width: 360, height: 740 }, allowed: /\/favicon\.ico\)$|status of (404|422)/ });

const of = {
  en: {
    contact: "Would you like an answer?", yes: "I would like an answer", promised: /^You asked for an answer: one of us writes to you by/,
    question: "Is it solved for you?", solved: "Yes, it is solved", notSolved: "No, it is not solved", recommend: /^How likely are you to recommend us now\?/,
    add: /^Is there something you would like to add\?/, send: "Send", atWork: /^We know that it is not solved yet\./, thanks: /^You told us that it is solved\./,
  },
  es: {
    contact: "¿Quieres que te contestemos?", yes: "Me gustaría que me contestarais", promised: /^Has pedido respuesta: una persona del equipo te escribe como muy tarde/,
    question: "¿Está resuelto para ti?", solved: "Sí, está resuelto", notSolved: "No, no está resuelto", recommend: /^¿Con qué probabilidad nos recomendarías ahora\?/,
    add: /^¿Quieres añadir algo\?/, send: "Enviar", atWork: /^Sabemos que aún no está resuelto\./, thanks: /^Nos dijiste que está resuelto\./,
  },
} as const;

/** The link in the mail that says this, without the shop's own address. */
function linkWith(text: string): string {
  const mails = server("mail", "list", "--full", "--limit", "200").split("-".repeat(72));
  const link = mails.find((mail) => mail.includes(text))?.match(/\/\w\w\/survey\/case\?t=\S+/)?.[0];
  if (!link) throw new Error(`no mail says ${text}`);
  return link;
}

for (const language of ["en", "es"] as const) {
  const [w, c] = [said[language], of[language]];

  test(`who is unhappy is answered until it is solved (${language})`, async ({ page, scripts, browser, baseURL }) => {
    test.setTimeout(180_000);
    const survey = await asked(page, language, scripts);
    const number = page.url().match(/order\/([^?]+)/)?.[1] ?? "";
    await page.goto(survey);
    await page.getByRole("button", { name: w.all }).click();
    await ready(page, scripts);
    for (const question of await page.locator("[data-part=main] .survey__steps").all()) await choose(question.locator("input").first());
    await page.getByLabel(w.words).fill("The bowl came <broken>.");
    await choose(page.getByRole("group", { name: c.contact }).getByRole("radio", { name: c.yes }));
    await page.getByRole("button", { name: w.finish }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(w.thanks);
    await expect(page.getByText(c.promised)).toBeVisible();

    const desk = await (await browser.newContext({ baseURL, javaScriptEnabled: scripts })).newPage();
    await logIn(desk, hire("Marta Ruiz", "agent"), scripts);
    await desk.goto("/en/desk/cases");
    const row = desk.getByRole("row").filter({ has: desk.getByRole("cell", { name: number, exact: true }) });
    await expect(row).toContainText("Wants an answer");
    await expect(row).toContainText("A part rated low");
    await row.getByRole("link").click();
    await expect(desk.getByText("The bowl came <broken>.")).toBeVisible();
    await desk.getByRole("button", { name: "I attend to it" }).click();
    const [first, second] = [1, 2].map((turn) => `Answer ${turn} to ${number}, with our apologies.`);
    await desk.getByLabel("Write to the person").fill(first ?? "");
    await desk.getByRole("button", { name: "Send the answer" }).click();
    await expect(desk.getByText("Answered, not confirmed yet").first()).toBeVisible();
    const case_ = desk.url();

    const link = linkWith(first ?? "");
    expect(link).toContain(`/${language}/`);
    await page.goto(link);
    await page.reload();
    await expect(page.getByText(first ?? "")).toBeVisible();
    await choose(page.getByRole("group", { name: c.question }).getByRole("radio", { name: c.notSolved, exact: true }));
    await choose(page.getByRole("group", { name: c.recommend }).getByRole("radio").nth(3));
    await page.getByLabel(c.add).fill("Nothing came.");
    await page.getByRole("button", { name: c.send }).click();
    await expect(page.getByText(c.atWork)).toBeVisible();

    await desk.goto(case_);
    await expect(desk.getByText("Nothing came.")).toBeVisible();
    await desk.getByLabel("Write to the person").fill(second ?? "");
    await desk.getByRole("button", { name: "Send the answer" }).dblclick();
    await expect(desk.getByText("Answered, not confirmed yet").first()).toBeVisible();

    await page.goto(linkWith(second ?? ""));
    await expect(page.getByText(second ?? "")).toBeVisible();
    await choose(page.getByRole("group", { name: c.question }).getByRole("radio", { name: c.solved, exact: true }));
    await choose(page.getByRole("group", { name: c.recommend }).getByRole("radio").nth(9));
    await page.getByRole("button", { name: c.send }).click();
    await expect(page.getByText(c.thanks)).toBeVisible();

    await desk.goto(case_);
    await expect(desk.getByText("Closed, confirmed")).toBeVisible();
    await expect(desk.getByText("Recommends us now: 9 of 10")).toBeVisible();
    await desk.context().close();
  });
}
