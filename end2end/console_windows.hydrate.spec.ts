// Two agents in one conversation are warned of each other; and an agent who looks elsewhere is told of news, but of no flood.
import type { Browser, Page } from "@playwright/test";
import { expect, hydrated, test } from "./fixtures.ts";
import { OwnServer } from "./own_server.ts";

const password = "a long enough secret";
let own: OwnServer;

test.describe.configure({ timeout: 90_000 });

// Each has a shop to itself, in which nobody else takes conversations.
test.beforeEach(async ({}, info) => {
  own = new OwnServer(3960 + info.parallelIndex);
  await own.start();
});

test.afterEach(async () => own.stop());

async function agent(browser: Browser, name: string, prepare?: (page: Page) => Promise<void>): Promise<Page> {
  const email = `${name}-${Math.random().toString(36).slice(2)}@shop.test`.toLowerCase();
  own.command("staff", "add", "--email", email, "--name", name, "--password", password, "--role", "agent");
  const context = await browser.newContext({ baseURL: own.origin, permissions: ["notifications"] });
  const page = await context.newPage();
  await prepare?.(page);
  await page.goto("/en/desk");
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page).toHaveURL(/\/desk$/);
  await page.getByRole("button", { name: "Take conversations" }).click();
  await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
  await hydrated(page);
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  return page;
}

async function asks(browser: Browser, name: string, question: string): Promise<Page> {
  const page = await (await browser.newContext({ baseURL: own.origin })).newPage();
  await page.goto("/en/info/returns");
  await hydrated(page);
  await page.locator(".chat-button").click();
  const panel = page.getByRole("dialog", { name: "Ask us" });
  await panel.getByLabel("Your question").fill(question);
  await panel.getByLabel("Your name").fill(name);
  await panel.getByRole("button", { name: "Send", exact: true }).click();
  await expect(panel.getByText(question, { exact: true })).toBeVisible();
  return page;
}

test("who writes where a colleague writes is told so on both sides", async ({ browser }) => {
  const eva = await agent(browser, "Eva");
  await asks(browser, "Ana Gil", "Is it dishwasher safe?");
  await eva.getByRole("link", { name: /Ana Gil/ }).first().click();
  await hydrated(eva);
  const leo = await agent(browser, "Leo");
  await leo.goto(eva.url());
  await hydrated(leo);
  await expect(leo.getByText("Live", { exact: true })).toBeVisible();
  await leo.locator("#composer").pressSequentially("Ask the workshop");
  await expect(eva.getByText("Leo is writing here too. Talk to each other before you send.")).toBeVisible();
  await eva.locator("#composer").pressSequentially("It is.");
  await expect(leo.getByText("Eva is writing here too. Talk to each other before you send.")).toBeVisible();
});

test("news are told to who looks elsewhere, once, and to nobody who looks", async ({ browser }) => {
  const page = await agent(browser, "Mar", async (fresh) => {
    await fresh.addInitScript(() => {
      const here = window as unknown as { told: string[]; away: boolean };
      here.told = [];
      here.away = false;
      document.hasFocus = () => !here.away;
      window.Notification = new Proxy(window.Notification, {
        construct(target, given) {
          here.told.push(String(given[0]));
          return Reflect.construct(target, given) as object;
        },
      });
    });
  });
  const told = () => page.evaluate(() => (window as unknown as { told: string[] }).told);
  await asks(browser, "Luz", "Do you see this?");
  await expect(page.getByRole("link", { name: /Luz/ })).toBeVisible();
  expect(await told()).toEqual([]);
  await page.evaluate(() => Object.assign(window, { away: true }));
  const sol = await asks(browser, "Sol", "And this?");
  await expect.poll(told).toEqual(["Sol is waiting"]);
  const panel = sol.getByRole("dialog", { name: "Ask us" });
  for (const more of ["One more.", "And one more."]) {
    await panel.getByLabel("Your message").fill(more);
    await panel.getByRole("button", { name: "Send", exact: true }).click();
  }
  await expect(page).toHaveTitle(/^\(4\)/);
  expect(await told()).toEqual(["Sol is waiting"]);
});

test("the browser is asked about notices by a click, and not before", async ({ browser }) => {
  const page = await agent(browser, "Iris", async (fresh) => {
    await fresh.addInitScript(() => {
      const here = window as unknown as { asked: number };
      here.asked = 0;
      class Undecided {
        static permission = "default";
        static requestPermission(): Promise<string> {
          here.asked += 1;
          Undecided.permission = "granted";
          return Promise.resolve("granted");
        }
      }
      Object.assign(window, { Notification: Undecided });
    });
  });
  const asked = () => page.evaluate(() => (window as unknown as { asked: number }).asked);
  await asks(browser, "Luz", "Do you see this?");
  await expect(page.getByRole("link", { name: /Luz/ })).toBeVisible();
  expect(await asked()).toBe(0);
  await page.getByRole("button", { name: "Notify me on this desktop" }).click();
  expect(await asked()).toBe(1);
});
