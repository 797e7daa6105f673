// Customers write to the register: from the chat and from their account; a suggestion without a name. What is refused comes
// back with everything that was typed.
import { expect, hydrated, test } from "./fixtures.ts";
import { OwnServer } from "./own_server.ts";

test.use({ allowed: /status of 422/ });

const said = {
  en: {
    ask: "Ask us", complain: "Complaint or suggestion", title: "Complaints and suggestions", statement: "What happened?", wanted: "How do you want it solved?",
    name: "Name", email: "Email", send: "Send", askAll: "Say how you want it solved: we ask everybody.", have: /^We have it\./, mailed: /on its way to ana@mail\.test/,
    suggestion: "Suggestion", anonymous: "I want to stay anonymous", number: /^Suggestion \d+$/, waiting: "Waiting for an owner",
  },
  es: {
    ask: "Pregúntanos", complain: "Queja o sugerencia", title: "Quejas y sugerencias", statement: "¿Qué pasó?", wanted: "¿Cómo quieres que se resuelva?",
    name: "Nombre", email: "Correo electrónico", send: "Enviar", askAll: "Di cómo quieres que se resuelva: se lo preguntamos a todos.", have: /^La tenemos\./,
    mailed: /a ana@mail\.test/, suggestion: "Sugerencia", anonymous: "Quiero quedar en el anonimato", number: /^Sugerencia \d+$/, waiting: "Sin responsable",
  },
} as const;

let own: OwnServer;

test.beforeAll(async ({}, info) => {
  test.setTimeout(90_000);
  own = new OwnServer(3950 + info.parallelIndex);
  await own.start();
});

test.afterAll(async () => own.stop());

for (const language of ["en", "es"] as const) {
  const w = said[language];

  test(`a complaint from the chat is kept whole until it is taken (${language})`, async ({ page, scripts }) => {
    await page.goto(`${own.origin}/${language}/info/returns`);
    if (scripts) await hydrated(page);
    await page.locator(".chat-corner").getByRole("link", { name: w.ask }).click();
    const place = scripts ? page.getByRole("dialog", { name: w.ask }) : page.getByRole("main");
    await place.getByRole("link", { name: w.complain }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(w.title);
    const form = page.locator(".complaint__form");
    await form.getByLabel(w.statement).fill("The bowl came broken.\nTwice.");
    await form.getByLabel(w.name, { exact: true }).fill("Ana Gil");
    await form.getByLabel(w.email).fill("ana@mail.test");
    await form.getByRole("button", { name: w.send }).click();
    await expect(page.getByText(w.askAll)).toBeVisible();
    await expect(form.getByLabel(w.statement)).toHaveValue("The bowl came broken.\nTwice.");
    await expect(form.getByLabel(w.email)).toHaveValue("ana@mail.test");
    await form.getByLabel(w.wanted).fill("My money.");
    await form.getByRole("button", { name: w.send }).click();
    await expect(page.getByText(w.have)).toBeVisible();
    await expect(page.getByText(w.mailed)).toBeVisible();
    await expect(page.getByText(w.waiting)).toBeVisible();
    await expect(page.getByRole("complementary").getByText("My money.")).toBeVisible();
  });

  test(`a suggestion needs no name, and nobody is written to (${language})`, async ({ page }) => {
    await page.goto(`${own.origin}/${language}/complaints/new`);
    const form = page.locator(".complaint__form");
    await form.getByLabel(w.suggestion, { exact: true }).check();
    await form.getByLabel(w.statement).fill("Pack it in paper.");
    await form.getByLabel(w.anonymous).check();
    await form.getByRole("button", { name: w.send }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(w.number);
    await expect(page.getByText("Pack it in paper.")).toBeVisible();
    expect(own.command("mail", "list", "--full", "--limit", "50")).not.toContain("Pack it in paper.");
  });
}
