// A shopper asks something from any page, goes on after a reload, and finds it all again; awake in the panel, asleep on
// the page. And the help that comes before.
import { expect, hydrated, test } from "./fixtures.ts";
import type { Page } from "@playwright/test";

const said = {
  en: { ask: "Ask us", question: "Your question", message: "Your message", send: "Send", end: "End the conversation", anew: "Ask something else", copy: "Send me a copy by mail" },
  es: { ask: "Pregúntanos", question: "Tu pregunta", message: "Tu mensaje", send: "Enviar", end: "Terminar la conversación", anew: "Preguntar otra cosa", copy: "Enviarme una copia por correo" },
} as const;

type Said = (typeof said)[keyof typeof said];

const corner = (page: Page) => page.locator(".chat-corner");
const panel = (page: Page, w: Said) => page.getByRole("dialog", { name: w.ask });

for (const language of ["en", "es"] as const) {
  const w = said[language];

  test(`a shopper asks, goes on after a reload and ends it (${language})`, async ({ page, open, scripts }) => {
    await open(`/${language}/info/returns`);
    await corner(page).getByRole("link", { name: w.ask }).click();
    const place = scripts ? panel(page, w) : page.getByRole("main");
    await place.getByLabel(w.question).fill("Is the large one in stock?\nI need two.");
    await place.getByRole("button", { name: w.send, exact: true }).click();
    await expect(place.getByText("Is the large one in stock?")).toBeVisible();

    await place.getByLabel(w.message).fill("By Friday, please.");
    await place.getByRole("button", { name: w.send, exact: true }).click();
    await expect(place.getByText("By Friday, please.")).toBeVisible();
    await page.reload();
    if (scripts) await hydrated(page);
    await expect(place.getByText("Is the large one in stock?")).toBeVisible();
    await expect(place.getByText("By Friday, please.")).toHaveCount(1);

    await place.getByRole("button", { name: w.end }).click();
    await expect(scripts ? place.getByRole("button", { name: w.anew }) : place.getByRole("link", { name: w.anew })).toBeVisible();
  });
}

test("articles answer before a person has to", async ({ page, open, scripts }) => {
  await open("/en/help");
  await page.getByRole("searchbox", { name: "Search the help" }).fill("it arrived in pieces");
  await page.getByRole("searchbox", { name: "Search the help" }).press("Enter");
  await page.getByRole("main").getByRole("link", { name: "It came broken" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("It came broken");
  await page.getByRole("button", { name: "Yes" }).click();
  await expect(page.getByText("Good to hear, thank you.")).toBeVisible();
  await expect(page.getByRole("main").getByRole("link", { name: "Ask us" })).toHaveAttribute("href", "/en/chat");
  if (scripts) {
    await hydrated(page);
    await corner(page).getByRole("link", { name: "Ask us" }).click();
    await panel(page, said.en).getByLabel("Your question").fill("my bowl came broken");
    await expect(panel(page, said.en).getByRole("link", { name: "It came broken" })).toBeVisible();
  }
});
