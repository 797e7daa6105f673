// A complaint about an order, from the order's page and from an account, awake and asleep: the form knows what is known, and
// the complaint is followed to its page.
import { expect, test } from "./fixtures.ts";
import { buy, server, words } from "./shop.ts";

test.use({ allowed: /status of 404 .*\/favicon\.ico\)$|status of 422 / });

const password = "a long enough secret";
const said = {
  en: {
    complain: "Make a complaint or a suggestion", part: /Which part of order/, statement: "What happened?", wanted: "How do you want it solved?", name: "Name",
    email: "Email", send: "Send", askAll: "Say how you want it solved: we ask everybody.", number: /^Complaint \d+$/, waiting: "Waiting for an owner",
    register: "Create the account", password: "Password", confirm: "Confirm", fromAccount: "Complaints and suggestions", nameOptional: "Name (optional)",
  },
  es: {
    complain: "Poner una queja o sugerencia", part: /Qué parte del pedido/, statement: "¿Qué pasó?", wanted: "¿Cómo quieres que se resuelva?", name: "Nombre",
    email: "Correo electrónico", send: "Enviar", askAll: "Di cómo quieres que se resuelva: se lo preguntamos a todos.", number: /^Queja \d+$/, waiting: "Sin responsable",
    register: "Crear la cuenta", password: "Contraseña", confirm: "Confirmar", fromAccount: "Quejas y sugerencias", nameOptional: "Nombre (opcional)",
  },
} as const;

for (const language of ["en", "es"] as const) {
  const w = words[language];
  const s = said[language];

  test(`from an order: whose it is and what was bought is known (${language})`, async ({ page, open, scripts }) => {
    test.setTimeout(120_000);
    const email = `cracked-${language}-${scripts ? "awake" : "asleep"}@example.org`;
    await buy(page, w, language, email, scripts);
    await page.getByRole("link", { name: w.follow }).click();
    await page.getByRole("link", { name: s.complain }).click();
    const form = page.locator(".complaint__form");
    await expect(form.getByLabel(s.email)).toHaveValue(email);
    await form.getByLabel(s.part).selectOption({ index: 1 });
    await form.getByLabel(s.statement).fill("It has a crack.");
    await form.getByRole("button", { name: s.send }).click();
    await expect(page.getByText(s.askAll)).toBeVisible();
    await expect(form.getByLabel(s.statement)).toHaveValue("It has a crack.");
    await expect(form.getByLabel(s.part).locator("option:checked")).toContainText(w.product);
    await form.getByLabel(s.wanted).fill("My money back");
    await form.getByRole("button", { name: s.send }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(s.number);
    await expect(page.getByText(s.waiting)).toBeVisible();
    await page.reload();
    await expect(page.getByText("My money back").first()).toBeVisible();
  });

  test(`from an account: nobody says again who they are (${language})`, async ({ page, open, scripts }) => {
    const email = `paz-${language}-${scripts ? "awake" : "asleep"}@example.org`;
    await open(`/${language}/account/register`);
    await page.getByLabel(s.email).fill(email);
    await page.getByLabel(s.nameOptional).fill("Paz Soler");
    await page.getByLabel(s.password).fill(password);
    await page.getByRole("button", { name: s.register }).click();
    await expect(page).toHaveURL(/\/account\/sent$/);
    const letter = server("mail", "list", "--limit", "60", "--full").split("-".repeat(72)).find((text) => text.includes(email));
    await page.goto(letter?.match(/https?:\/\/[^/]+(\/\S*\?t=\S+)/)?.[1] ?? "");
    await page.getByLabel(s.password).fill(password);
    await page.getByRole("button", { name: s.confirm }).click();
    await page.getByRole("main").getByRole("link", { name: s.fromAccount }).click();
    const form = page.locator(".complaint__form");
    await expect(form.getByLabel(s.name, { exact: true })).toHaveValue("Paz Soler");
    await expect(form.getByLabel(s.email)).toHaveValue(email);
    await form.getByLabel(s.statement).fill("Nobody answered my call.");
    await form.getByLabel(s.wanted).fill("A call");
    await form.getByRole("button", { name: s.send }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(s.number);
    await expect(page.getByText(s.waiting)).toBeVisible();
  });
}
