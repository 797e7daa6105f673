// People with accounts, in both languages, with scripts and without: an administrator invites somebody, who chooses a
// password, sets up a second factor and is let in by a code; a shopper registers and finds the order of a guest again.
import { createHmac } from "node:crypto";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { addToCart, buy, server, words } from "./shop.ts";

// A page that is not theirs answers 403. The payment page names no icon; a page transition ends there, at a page without one.
test.use({ allowed: /status of 403|status of 404 .*\/favicon\.ico\)$/ });

const password = "a long enough secret";
const said = {
  en: {
    email: "Email", password: "Password", newPassword: "New password", logIn: "Log in", wrong: "Email or password is wrong.",
    staff: "Staff", name: "Name", agent: "Agent", invite: "Send the invitation", invited: "The invitation is on its way.",
    savePassword: "Save password", set: "Your password is set.", me: "My account", setUp: "Set it up", first: "Code of the app",
    confirm: "Confirm", recovery: "Your recovery codes", code: "Code", logOut: "Log out", wrongCode: /This code is wrong/,
    notYours: "Your roles do not reach this page", account: "Account", register: "Create an account", create: "Create the account",
    sent: /A letter is on its way to/, orders: "Your orders", yourAddress: /is your address/, addresses: "Addresses", save: "Save",
    street: "Street and number", city: "Town or city", postcode: "Postcode", fullName: "Full name", kept: "The address is saved.",
    settings: "Settings", newEmail: "New email address", current: "Current password", change: "Change the address", waiting: /Waiting for you to follow the link/,
    wrongPassword: "This is not your current password.", movesTo: /moves to/, moved: /Your account has its new address/, deleteIt: "Delete the account",
    goes: "What goes", stays: "What stays", deleteMine: "Delete my account", deleted: "Your account is deleted", byLink: "Send me a link", linkSent: /A link is on its way to/,
  },
  es: {
    email: "Correo electrónico", password: "Contraseña", newPassword: "Contraseña nueva", logIn: "Entrar",
    wrong: "El correo o la contraseña no es correcto.", staff: "Equipo", name: "Nombre", agent: "Agente",
    invite: "Enviar la invitación", invited: "La invitación va de camino.", savePassword: "Guardar contraseña",
    set: "Tu contraseña está guardada.", me: "Mi cuenta", setUp: "Activarlo", first: "Código de la aplicación", confirm: "Confirmar",
    recovery: "Tus códigos de recuperación", code: "Código", logOut: "Salir", wrongCode: /El código no es correcto/,
    notYours: "Tus funciones no llegan a esta página", account: "Cuenta", register: "Crear una cuenta", create: "Crear la cuenta",
    sent: /Una carta va de camino a/, orders: "Tus pedidos", yourAddress: /es tu dirección/, addresses: "Direcciones", save: "Guardar",
    street: "Calle y número", city: "Localidad", postcode: "Código postal", fullName: "Nombre y apellidos",
    kept: "La dirección está guardada.",
    settings: "Ajustes", newEmail: "Nueva dirección de correo", current: "Contraseña actual", change: "Cambiar la dirección", waiting: /Falta que sigas el enlace/,
    wrongPassword: "Esta no es tu contraseña actual.", movesTo: /pasa a/, moved: /Tu cuenta tiene su dirección nueva/, deleteIt: "Borrar la cuenta",
    goes: "Lo que se borra", stays: "Lo que se queda", deleteMine: "Borrar mi cuenta", deleted: "Tu cuenta está borrada", byLink: "Mandadme un enlace", linkSent: /Un enlace va de camino a/,
  },
} as const;

/** The latest link in a mail that names this address, below the shop's own address. */
async function linkTo(email: string): Promise<string> {
  let link: string | undefined;
  await expect(() => {
    const letters = server("mail", "list", "--limit", "60", "--full").split("-".repeat(72)).filter((text) => text.includes(email));
    link = letters.map((text) => text.match(/https?:\/\/[^/]+(\/\S*\?t=\S+)/)?.[1]).find((found) => found);
    expect(link).toBeDefined();
  }).toPass();
  return link ?? "";
}

/** What an authenticator app shows for this secret, in base32. */
function appShows(secret: string): string {
  const bits = [...secret.replaceAll(" ", "")].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"));
  const key = Buffer.from((bits.join("").match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac("sha1", key).update(step).digest();
  const at = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

for (const language of ["en", "es"] as const) {
  const w = words[language];
  const s = said[language];

  async function logIn(page: Page, email: string, secret: string): Promise<void> {
    await page.getByLabel(s.email).fill(email);
    await page.getByLabel(s.password).fill(secret);
    await page.getByRole("button", { name: s.logIn }).click();
  }

  test(`somebody is invited to the desk and let in by a second factor (${language})`, async ({ page, open, scripts }) => {
    const whose = `${language}-${scripts ? "awake" : "asleep"}`;
    const [ada, nuria] = [`ada-${whose}@shop.test`, `nuria-${whose}@shop.test`];
    server("staff", "add", "--email", ada, "--name", "Ada", "--role", "administrator", "--password", password);

    await open(`/${language}/desk/staff`);
    await logIn(page, ada, "something else");
    await expect(page.getByText(s.wrong)).toBeVisible();
    await expect(page.getByLabel(s.email)).toHaveValue(ada);
    await expect(page.getByLabel(s.password)).toHaveValue("");
    await page.getByLabel(s.password).fill(password);
    await page.getByRole("button", { name: s.logIn }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(s.staff);

    const form = page.locator("#invite");
    await form.getByLabel(s.name).fill("Nuria");
    await form.getByLabel(s.email).fill(nuria);
    await form.getByLabel(s.agent).check();
    await form.getByRole("button", { name: s.invite }).click();
    await expect(page.getByText(s.invited)).toBeVisible();
    await page.getByRole("button", { name: s.logOut }).click();

    await page.goto(await linkTo(nuria));
    await page.getByLabel(s.newPassword).fill(password);
    await page.getByRole("button", { name: s.savePassword }).click();
    await expect(page.getByText(s.set)).toBeVisible();
    await page.goto(`/${language}/desk/me`);
    await logIn(page, nuria, password);
    await page.goto(`/${language}/desk/staff`);
    await expect(page.getByText(s.notYours)).toBeVisible();
    await page.getByRole("link", { name: s.me }).click();
    await page.getByRole("button", { name: s.setUp }).click();
    const secret = (await page.locator("section:has(#second-factor) code").first().textContent()) ?? "";
    await page.getByLabel(s.first).fill(appShows(secret));
    await page.getByRole("button", { name: s.confirm }).click();
    await expect(page.getByText(s.recovery)).toBeVisible();
    const recovery = (await page.locator(".desk__recovery code").first().textContent()) ?? "";
    await page.reload();
    await expect(page.getByText(s.recovery), "they are shown once").toBeHidden();
    await page.getByRole("button", { name: s.logOut }).click();

    await logIn(page, nuria, password);
    await page.getByLabel(s.code).fill("000000");
    await page.getByRole("button", { name: s.logIn }).click();
    await expect(page.getByText(s.wrongCode)).toBeVisible();
    await page.getByLabel(s.code).fill(recovery);
    await page.getByRole("button", { name: s.logIn }).click();
    await expect(page.locator(".desk__who")).toContainText("Nuria");
  });

  test(`a shopper registers and finds an earlier order again (${language})`, async ({ page, open, scripts }) => {
    test.setTimeout(90_000);
    const email = `marta-${language}-${scripts ? "awake" : "asleep"}@example.org`;
    await buy(page, w, language, email, scripts);

    await page.getByRole("banner").getByRole("link", { name: s.account }).click();
    await page.getByRole("link", { name: s.register }).click();
    await page.getByLabel(s.email).fill(email);
    await page.getByLabel(s.password).fill(password);
    await page.getByRole("button", { name: s.create }).click();
    await expect(page.getByText(s.sent)).toContainText(email);
    await page.goto(await linkTo(email));
    await expect(page.getByText(s.yourAddress)).toBeVisible();
    await page.getByLabel(s.password).fill(password);
    await page.getByRole("button", { name: s.confirm }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(s.orders);
    await expect(page.getByRole("main").getByRole("row")).toHaveCount(2);

    await page.getByRole("link", { name: s.addresses }).click();
    await page.getByLabel(s.fullName).fill("Marta Sanz");
    await page.getByLabel(s.street).fill("Calle Mayor 1");
    await page.getByLabel(s.city).fill("Madrid");
    await page.getByLabel(s.postcode).fill("28013");
    await page.getByRole("button", { name: s.save }).click();
    await expect(page.getByText(s.kept)).toBeVisible();
    await open(`/${language}/p/${w.slug}`);
    await addToCart(page, w, language, scripts);
    await page.getByRole("link", { name: w.toCheckout }).click();
    await expect(page.getByLabel(s.street)).toHaveValue("Calle Mayor 1");
  });

  test(`an account moves to another address, and is deleted by a link (${language})`, async ({ page, open, scripts }) => {
    test.setTimeout(60_000);
    const whose = `${language}-${scripts ? "awake" : "asleep"}@example.org`;
    const [old, fresh] = [`old-${whose}`, `new-${whose}`];
    await open(`/${language}/account/register`);
    await page.getByLabel(s.email).fill(old);
    await page.getByLabel(s.password).fill(password);
    await page.getByRole("button", { name: s.create }).click();
    await page.goto(await linkTo(old));
    await page.getByLabel(s.password).fill(password);
    await page.getByRole("button", { name: s.confirm }).click();
    await page.getByRole("link", { name: s.settings }).click();
    const form = page.locator("section:has(#change-email)");
    await form.getByLabel(s.newEmail).fill(fresh);
    await form.getByLabel(s.current).fill("not this one");
    await form.getByRole("button", { name: s.change }).click();
    await expect(form.getByText(s.wrongPassword)).toBeVisible();
    await expect(form.getByLabel(s.newEmail)).toHaveValue(fresh);
    await form.getByLabel(s.current).fill(password);
    await form.getByRole("button", { name: s.change }).click();
    await expect(page.getByText(s.waiting)).toContainText(fresh);
    await page.goto(await linkTo(fresh));
    await expect(page.getByText(s.movesTo)).toContainText(old);
    await page.getByRole("button", { name: s.confirm }).click();
    await expect(page.getByText(s.moved)).toBeVisible();

    await page.getByRole("link", { name: s.deleteIt }).click();
    await expect(page.getByRole("heading", { name: s.goes })).toBeVisible();
    await expect(page.getByRole("heading", { name: s.stays })).toBeVisible();
    await page.getByRole("button", { name: s.byLink }).click();
    await expect(page.getByText(s.linkSent)).toContainText(fresh);
    await page.goto(await linkTo(fresh));
    await page.getByRole("button", { name: s.deleteMine }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(s.deleted);
    await page.goto(`/${language}/account/login`);
    await logIn(page, fresh, password);
    await expect(page.getByText(s.wrong)).toBeVisible();
  });
}
