// A shopper whose order has come and who was asked how it was: what the specs of surveys begin with.
import type { Locator, Page } from "@playwright/test";
import { expect } from "./fixtures.ts";
import { buy, server, words } from "./shop.ts";

export const said = {
  en: {
    title: "How did we do?", begin: "Begin", all: "All questions on one page", next: "Next", back: "Back", progress: /^Question (\d+) of (\d+)$/, apart: "Doesn't apply to me",
    gate: "Did you have a problem with this order?", yes: "Yes", recovery: "Problems get fixed fast", last: "That was the last question", left: /^Not answered: /,
    finish: "Finish", thanks: "Thank you", again: /You have answered this survey already/, saved: "Saved.", waits: /^Not saved yet/, stay: "Save and go on later", kept: "Your answers are saved.",
    words: /^Is there anything else we should know/, stop: "I want no more surveys", stopped: "Done. We do not ask you any more.", over: "There is no such survey",
  },
  es: {
    title: "¿Qué tal lo hicimos?", begin: "Empezar", all: "Todas las preguntas en una página", next: "Siguiente", back: "Atrás", progress: /^Pregunta (\d+) de (\d+)$/, apart: "No se aplica a mi caso",
    gate: "¿Tuviste algún problema con este pedido?", yes: "Sí", recovery: "Resuelve los problemas con rapidez", last: "Era la última pregunta", left: /^Sin contestar: /,
    finish: "Terminar", thanks: "Gracias", again: /Ya has contestado a esta encuesta/, saved: "Guardado.", waits: /^Aún sin guardar/, stay: "Guardar y seguir más tarde", kept: "Tus respuestas están guardadas.",
    words: /^¿Hay algo más que debamos saber/, stop: "No quiero recibir más encuestas", stopped: "Hecho. No te preguntamos más.", over: "No existe esta encuesta",
  },
} as const;

export type Said = (typeof said)[keyof typeof said];

/** Buys a bowl, has it delivered, and gives the link in the mail that asks how it was, without the shop's own address. */
export async function asked(page: Page, language: "en" | "es", scripts: boolean): Promise<string> {
  const [w, email] = [words[language], `asked-${Math.random().toString(36).slice(2)}@example.org`];
  await buy(page, w, language, email, scripts);
  await page.getByRole("link", { name: w.follow }).click();
  await expect(page).toHaveURL(new RegExp(`/${language}/order/`));
  const number = page.url().match(/order\/([^?]+)/)?.[1] ?? "";
  server("orders", "pack", number);
  server("orders", "ship", number, "--carrier", "correos", "--tracking", `S-${number}`);
  server("orders", "deliver", number);
  server("surveys", "ask", number);
  const mails = server("mail", "list", "--full", "--limit", "200").split("-".repeat(72));
  const link = mails.find((mail) => mail.includes(email) && mail.includes("/survey?t="))?.match(/\/\w\w\/survey\?t=\S+/)?.[0];
  if (!link) throw new Error("nobody was asked");
  return link;
}

/** The number of the question at hand, and of how many. */
export async function progress(page: Page, w: Said): Promise<[number, number]> {
  const text = (await page.locator("#progress").textContent()) ?? "";
  const [, now, of] = text.match(w.progress) ?? [];
  return [Number(now), Number(of)];
}

/** The answers of the question at hand, without "doesn't apply". */
export function steps(page: Page): Locator {
  return page.locator(".survey__steps input");
}

/** Chooses an answer. A click that falls into the change from one page to the next meets neither. */
export async function choose(answer: Locator): Promise<void> {
  await expect(() => answer.check({ force: true, timeout: 2000 })).toPass({ timeout: 15_000 });
}
