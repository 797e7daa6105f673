// The whole of the service, in two windows: a shopper asks and an agent answers through reloads, a lost network and a server
// that is killed; it becomes a complaint that is promised, solved and confirmed, and the ledger and the reports show it.
// In English the awake run uses the keyboard alone; asleep, the shopper's window has no scripts.
import type { Browser, Locator, Page } from "@playwright/test";
import { expect, hydrated, test } from "./fixtures.ts";
import { OwnServer } from "./own_server.ts";
import { Hands } from "./hands.ts";

const password = "a long enough secret";

const said = {
  en: {
    locale: "en-GB", ask: "Ask us", question: "Your question", name: "Your name", send: "Send", message: "Your message", refresh: "Look for new messages",
    logIn: "Log in", email: "Email", password: "Password", available: "Take conversations", queue: /^Queue/, own: /^Mine/, take: "Take it", answer: "Your answer",
    lost: /connection is lost/, live: "Live", lostDesk: /No connection/, open: "Open a complaint", wanted: /how do you want it solved/i, note: "Write one down",
    happened: /^When did it happen|^Happened on/, apology: "Acknowledge and apologise", sendApology: "Send", cause: "Cause", causeIs: "Delay", evidence: "Evidence",
    consequences: "Consequences", keep: "Keep what was found", solution: "Solution", deadline: "Deadline", promise: "Promise it", done: "It is done", solved: "Solved",
    yes: "Yes, it is solved", confirmed: "You confirmed that it is solved. Thank you.", closed: "Closed, confirmed", isPromise: /That is a promise/,
    kept: "Kept", show: "Show", which: "Which promises", kind: "Solution of a complaint", complaint: /^complaint \d+/, cases: "Conversations", statement: "What happened?",
  },
  es: {
    locale: "es-ES", ask: "Pregúntanos", question: "Tu pregunta", name: "Tu nombre", send: "Enviar", message: "Tu mensaje", refresh: "Ver si hay mensajes nuevos",
    logIn: "Entrar", email: "Correo electrónico", password: "Contraseña", available: "Atender conversaciones", queue: /^Cola/, own: /^Mías/, take: "Atender", answer: "Tu respuesta",
    lost: /Se ha perdido la conexión/, live: "En directo", lostDesk: /Sin conexión/, open: "Abrir una queja", wanted: /cómo quiere que se resuelva/i, note: "Anotar una",
    happened: /^¿Cuándo pasó|^Pasó el/, apology: "Reconocer y pedir disculpas", sendApology: "Enviar", cause: "Causa", causeIs: "Retraso", evidence: "Pruebas",
    consequences: "Consecuencias", keep: "Guardar lo averiguado", solution: "Solución", deadline: "Plazo", promise: "Prometerlo", done: "Está hecho", solved: "Resuelta",
    yes: "Sí, está resuelta", confirmed: "Confirmaste que está resuelta. Gracias.", closed: "Cerrada, confirmada", isPromise: /Es una promesa/,
    kept: "Cumplidas", show: "Mostrar", which: "Qué promesas", kind: "Solución de una queja", complaint: /^queja \d+/, cases: "Conversaciones", statement: "¿Qué pasó?",
  },
} as const;

type Said = (typeof said)[keyof typeof said];

/** A window of somebody; what its page complains of is kept. */
async function window(browser: Browser, origin: string, scripts: boolean, locale: string): Promise<{ page: Page; faults: string[] }> {
  const context = await browser.newContext({ baseURL: origin, javaScriptEnabled: scripts, locale, viewport: { width: 1360, height: 900 } });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  return { page, faults };
}

function day(offset: number): string {
  return new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
}

/** The shopper's side: a panel, or without scripts a page. */
class Shopper {
  constructor(readonly page: Page, readonly scripts: boolean, readonly w: Said, readonly hands: Hands) {}

  place(): Locator {
    return this.scripts ? this.page.getByRole("dialog", { name: this.w.ask }) : this.page.getByRole("main");
  }

  async begin(language: string, question: string): Promise<void> {
    await this.page.goto(`/${language}/info/returns`);
    if (this.scripts) await hydrated(this.page);
    await this.hands.press(this.page.locator(".chat-corner").getByRole("link", { name: this.w.ask }));
    await this.hands.write(this.place().getByLabel(this.w.question), question);
    await this.hands.write(this.place().getByLabel(this.w.name), "Ana Gil");
    await this.hands.press(this.place().getByRole("button", { name: this.w.send, exact: true }));
    await this.reads(question);
  }

  async says(text: string): Promise<void> {
    await this.hands.write(this.place().getByLabel(this.w.message), text);
    await this.hands.press(this.place().getByRole("button", { name: this.w.send, exact: true }));
  }

  /** Once, and not twice. */
  async reads(text: string): Promise<void> {
    const found = this.place().getByText(text, { exact: true });
    if (this.scripts) await expect(found).toHaveCount(1, { timeout: 30_000 });
    else {
      await expect(async () => {
        await this.page.reload();
        await expect(found).toHaveCount(1, { timeout: 1000 });
      }).toPass({ timeout: 30_000 });
    }
  }
}

/** The agent's side: the console. */
class Agent {
  constructor(readonly page: Page, readonly w: Said, readonly hands: Hands) {}

  async comes(language: string, email: string): Promise<void> {
    await this.page.goto(`/${language}/desk`);
    await this.hands.write(this.page.getByLabel(this.w.email), email);
    await this.hands.write(this.page.getByLabel(this.w.password), password);
    await this.hands.press(this.page.getByRole("button", { name: this.w.logIn }));
    await expect(this.page).toHaveURL(/\/desk$/);
    await hydrated(this.page);
    await this.hands.press(this.page.getByRole("button", { name: this.w.available }));
    await expect(this.page.getByRole("button", { name: this.w.available })).toHaveCount(0);
    await hydrated(this.page);
  }

  async opens(name: string): Promise<void> {
    await this.hands.press(this.page.getByRole("link", { name: new RegExp(name) }).first());
    await expect(this.page.getByRole("heading", { name: new RegExp(name) }).first()).toBeVisible();
    await hydrated(this.page);
  }

  async says(text: string): Promise<void> {
    await this.hands.write(this.page.getByLabel(this.w.answer), text);
    await this.hands.press(this.page.getByRole("button", { name: this.w.send, exact: true }));
  }

  async reads(text: string): Promise<void> {
    await expect(this.page.getByRole("log").getByText(text, { exact: true })).toHaveCount(1, { timeout: 30_000 });
  }
}

/** Reloads, a lost network and a server that dies in the middle. */
async function talk(shopper: Shopper, agent: Agent, own: OwnServer): Promise<void> {
  const w = shopper.w;
  await agent.reads("My bowl has not come.");
  await agent.says("I look for it at once.");
  await shopper.reads("I look for it at once.");
  for (const side of [shopper, agent]) {
    await side.page.reload();
    if (side === agent || shopper.scripts) await hydrated(side.page);
    await side.reads("My bowl has not come.");
    await side.reads("I look for it at once.");
  }
  if (shopper.scripts) {
    await shopper.page.context().setOffline(true);
    await expect(shopper.place().getByText(w.lost)).toBeVisible({ timeout: 20_000 });
    await shopper.says("It was promised for Monday.");
    await shopper.page.context().setOffline(false);
  } else await shopper.says("It was promised for Monday.");
  await agent.reads("It was promised for Monday.");
  await agent.page.context().setOffline(true);
  await expect(agent.page.getByText(w.lostDesk)).toBeVisible({ timeout: 20_000 });
  await agent.says("The carrier has lost it.");
  await agent.page.context().setOffline(false);
  await shopper.reads("The carrier has lost it.");
  await agent.reads("The carrier has lost it.");
  await own.kill();
  if (shopper.scripts) {
    await expect(shopper.place().getByText(w.lost)).toBeVisible({ timeout: 20_000 });
    await shopper.says("Are you still there?");
  }
  await own.start();
  if (!shopper.scripts) await shopper.says("Are you still there?");
  await agent.reads("Are you still there?");
  await agent.says("I am, and I make this a complaint.");
  await shopper.reads("I am, and I make this a complaint.");
  await shopper.reads("Are you still there?");
}

/** From the conversation to what is promised; the address of the complaint at the desk. */
async function complain(agent: Agent, own: OwnServer): Promise<string> {
  const { page, w, hands } = agent;
  await hands.press(page.getByRole("link", { name: w.open }).first());
  await expect(page.getByLabel(w.statement)).toHaveValue(/My bowl has not come\.\nIt was promised for Monday\./);
  await expect(page.locator("#name")).toHaveValue("Ana Gil");
  await hands.write(page.getByLabel(w.wanted), "A new bowl, this week.");
  await hands.write(page.locator("#email"), "ana@mail.test");
  await hands.date(page.locator("#happened_on"), day(-3));
  await hands.press(page.getByRole("main").getByRole("button", { name: w.note }));
  await expect(page).toHaveURL(/\/desk\/complaints\/\d+$/);
  await expect(page.getByText("I look for it at once.")).toHaveCount(1);
  const address = page.url();
  const form = (step: string) => page.locator(`form[action$="complaint-${step}"]`);
  await hands.press(form("acknowledge").getByRole("button"));
  await expect(form("acknowledge")).toHaveCount(0);
  await hands.choose(form("investigate").getByLabel(w.cause), w.causeIs);
  await hands.write(form("investigate").getByLabel(w.evidence), "The carrier says so.");
  await hands.write(form("investigate").getByLabel(w.consequences), "A birthday without its bowl.");
  await hands.press(form("investigate").getByRole("button"));
  await hands.write(form("promise").getByLabel(w.solution), "A new bowl by courier.");
  await hands.date(form("promise").getByLabel(w.deadline), day(20));
  await hands.press(form("promise").getByRole("button"));
  await expect(form("solve")).toHaveCount(1);
  await expect.poll(() => own.command("mail", "list", "--full")).toContain("A new bowl by courier.");
  return address;
}

/** The link that the customer was mailed. */
function ownPage(own: OwnServer): string {
  const link = /https?:\/\/\S+\/complaint\/\d+\?t=[^\s>)]+/.exec(own.command("mail", "list", "--full", "--limit", "20"));
  if (!link) throw new Error("no mail has the link of the customer's page");
  return new URL(link[0]).pathname + new URL(link[0]).search;
}

/** The manager's figures know of it. */
async function figures(agent: Agent, language: string): Promise<void> {
  const { page, w, hands } = agent;
  await page.goto(`/${language}/desk/promises?which=kept`);
  const row = page.locator("#list tr").filter({ hasText: w.kind });
  await expect(row).toHaveCount(1);
  await hands.press(row.getByRole("link", { name: w.complaint }));
  await expect(page).toHaveURL(/\/desk\/complaints\/\d+$/);
  await page.goto(`/${language}/desk/reports?days=7`);
  await expect(page.locator(".card-figure").filter({ hasText: w.cases }).locator("strong").first()).toHaveText("1");
  await expect(page.getByRole("row").filter({ hasText: "Eva" }).first()).toBeVisible();
}

for (const language of ["en", "es"] as const) {
  test(`a conversation becomes a complaint that is promised, solved and confirmed (${language})`, async ({ browser, scripts }, info) => {
    test.setTimeout(240_000);
    const w = said[language];
    const own = new OwnServer(3930 + info.parallelIndex);
    await own.start();
    try {
      own.command("staff", "add", "--email", "eva@shop.test", "--name", "Eva", "--password", password, "--role", "agent", "--role", "manager");
      const windows = [await window(browser, own.origin, scripts, w.locale), await window(browser, own.origin, true, w.locale)] as const;
      const byKeyboard = language === "en" && scripts;
      const shopper = new Shopper(windows[0].page, scripts, w, new Hands(windows[0].page, byKeyboard));
      const agent = new Agent(windows[1].page, w, new Hands(windows[1].page, byKeyboard));
      await agent.comes(language, "eva@shop.test");
      await shopper.begin(language, "My bowl has not come.");
      await agent.opens("Ana Gil");
      await talk(shopper, agent, own);
      const complaint = await complain(agent, own);
      await shopper.page.goto(ownPage(own));
      await expect(shopper.page.getByText(w.isPromise).first()).toBeVisible();
      await agent.hands.write(agent.page.locator('form[action$="complaint-solve"]').getByLabel(w.done), "The new bowl was handed over.");
      await agent.hands.press(agent.page.locator('form[action$="complaint-solve"]').getByRole("button"));
      // The form goes with its stage: the solution is written down.
      await expect(agent.page.locator('form[action$="complaint-solve"]')).toHaveCount(0);
      await shopper.page.reload();
      await shopper.hands.press(shopper.page.getByRole("button", { name: w.yes }));
      await expect(shopper.page.getByText(w.confirmed).first()).toBeVisible();
      await agent.page.goto(complaint);
      await expect(agent.page.getByText(w.closed).first()).toBeVisible();
      await figures(agent, language);
      for (const { page, faults } of windows) {
        expect(faults).toEqual([]);
        await page.context().close();
      }
    } finally {
      await own.stop();
    }
  });
}
