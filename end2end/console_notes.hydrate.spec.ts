// A colleague is called in a note and finds it; a file goes from the console to the shopper; and whoever is blocked is told so.
import type { Browser, Page } from "@playwright/test";
import { hire, logIn, noteCall } from "./desk.ts";
import { expect, hydrated, test } from "./fixtures.ts";

test.use({ allowed: /status of 422/ });
test.describe.configure({ timeout: 60_000 });

/** As small as a picture gets. */
const picture = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");

async function another(browser: Browser): Promise<Page> {
  return (await browser.newContext()).newPage();
}

test("whoever is called in a note finds it and is led to it", async ({ page, browser }) => {
  const name = `Luz ${Math.random().toString(36).slice(2, 7)}`;
  const luz = await another(browser);
  await logIn(luz, hire(name, "agent"), true);
  await logIn(page, hire("Eva", "agent"), true);
  await noteCall(page, "Paz Soler", "Wants to know about glazes", true);
  await page.keyboard.press("n");
  await page.keyboard.type(`Do you know, @${name.toLowerCase()}`);
  const offered = page.getByRole("listbox", { name: "Colleagues" });
  await expect(offered.getByRole("option")).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(page.locator("#composer")).toHaveValue(`Do you know, @${name} `);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("log").getByText(`Do you know, @${name}`)).toBeVisible();
  // It comes without a reload.
  const tab = luz.getByRole("link", { name: /^Mentions/ });
  await expect(tab).toHaveText(/1/);
  await expect(luz).toHaveTitle(/^\(1\)/);
  await luz.locator("body").press("4");
  await hydrated(luz);
  await luz.getByRole("link", { name: /Eva calls you/ }).click();
  await hydrated(luz);
  await expect(luz.locator(".said--note:target")).toBeInViewport();
  await expect(tab).toHaveText(/0/);
});

test("a file goes from the console to the shopper, and a page does not", async ({ page, browser }) => {
  const shopper = await another(browser);
  await shopper.goto("/en/info/returns");
  await hydrated(shopper);
  await shopper.locator(".chat-button").click();
  const panel = shopper.getByRole("dialog", { name: "Ask us" });
  const question = `How do I care for it? ${Math.random()}`;
  await panel.getByLabel("Your question").fill(question);
  await panel.getByRole("button", { name: "Send", exact: true }).click();
  await expect(panel.getByText(question, { exact: true })).toBeVisible();
  await logIn(page, hire("Eva", "agent"), true);
  await page.goto("/en/desk?list=all");
  await page.locator(".row", { hasText: question }).click();
  await hydrated(page);
  const files = page.locator("#files");
  await files.setInputFiles({ name: "care.html", mimeType: "text/html", buffer: Buffer.from("<html></html>") });
  await expect(page.getByText("Only pictures (JPEG, PNG, WebP, GIF) and PDF can be sent.")).toBeVisible();
  await page.getByRole("button", { name: "Take care.html out" }).click();
  await files.setInputFiles({ name: "care.gif", mimeType: "image/gif", buffer: picture });
  await page.locator("#composer").fill("Like this");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.getByRole("log").getByAltText("File care.gif")).toBeVisible();
  await expect(panel.getByAltText("Picture: care.gif")).toBeVisible();

  await page.locator("summary", { hasText: "Block this person" }).click();
  await page.getByLabel("Reason", { exact: true }).fill("Sends nonsense");
  await page.getByRole("button", { name: "Block", exact: true }).click();
  await expect(page.getByText(/^Blocked until/)).toBeVisible();
  await panel.getByLabel("Your message").fill("And again");
  await panel.getByLabel("Your message").press("Enter");
  await expect(panel.getByText("We have closed the chat for you.", { exact: true })).toBeVisible();
  await expect(panel.getByRole("link", { name: "Complaint or suggestion" })).toBeVisible();
  await expect(panel.getByLabel("Your message")).toHaveCount(0);
});
