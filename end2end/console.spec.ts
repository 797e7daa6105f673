// The console as an agent uses it: a call is noted, answered, passed over with the keyboard and closed; asleep, the same
// by forms.
import type { Page } from "@playwright/test";
import { expect, hydrated, test } from "./fixtures.ts";
import { server } from "./shop.ts";

const password = "a long enough secret";

test.use({ allowed: /Transition was (aborted|skipped)|status of 422/ });

/** Somebody of the staff, of this test only. */
function hire(name: string, ...roles: string[]): string {
  const email = `${name}-${Math.random().toString(36).slice(2)}@shop.test`.toLowerCase();
  server("staff", "add", "--email", email, "--name", name, "--password", password, ...roles.flatMap((role) => ["--role", role]));
  return email;
}

async function logIn(page: Page, email: string, scripts: boolean): Promise<void> {
  await page.goto("/en/desk");
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page).toHaveURL(/\/en\/desk$/);
  if (scripts) await hydrated(page);
}

/** Notes a call; the page shows its conversation. */
async function noteCall(page: Page, name: string, said: string, scripts: boolean): Promise<void> {
  await page.goto("/en/desk/contact");
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("What they want").fill(said);
  await page.getByRole("button", { name: "Note it" }).click();
  await expect(page.getByRole("heading", { name: new RegExp(name) }).first()).toBeVisible();
  if (scripts) await hydrated(page);
}

test("a call is noted, answered, and closed with a reason", async ({ page, scripts }) => {
  test.setTimeout(60_000);
  await logIn(page, hire("Eva", "agent"), scripts);
  await noteCall(page, "Paz Soler", "Wants to know about glazes", scripts);
  await page.getByLabel("Your answer").fill("They are food safe.");
  await page.getByRole("button", { name: "Send" }).click();
  const log = page.getByRole("log");
  await expect(log.getByText("They are food safe.")).toHaveCount(1);
  await page.getByText("Note", { exact: true }).click();
  await page.locator("#composer").fill("Asked twice already");
  await page.getByRole("button", { name: scripts ? "Keep the note" : "Send" }).click();
  await expect(log.getByText("Only staff see this")).toBeVisible();
  await page.locator("summary", { hasText: "Close" }).click();
  await page.getByRole("button", { name: "Close the conversation" }).click();
  await expect(page.getByText("Say why it is closed.")).toBeVisible();
  await page.getByLabel("Why it is closed").selectOption("Answered");
  await page.getByRole("button", { name: "Close the conversation" }).click();
  await expect(page.getByText("It is closed.", { exact: true })).toBeVisible();
});

test("every step has its key, and none is taken from somebody who types", async ({ page, scripts }) => {
  test.skip(!scripts, "keys need scripts");
  test.setTimeout(60_000);
  await logIn(page, hire("Leo", "agent"), scripts);
  await noteCall(page, "First Caller", "About plates", scripts);
  await noteCall(page, "Second Caller", "About bowls", scripts);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  const focused = await page.evaluate(() => (document.activeElement as HTMLAnchorElement).href);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(focused);
  await hydrated(page);
  await page.keyboard.press("r");
  await expect(page.locator("#composer")).toBeFocused();
  await page.keyboard.type("jtx? /hel");
  await expect(page.getByRole("listbox", { name: "Templates" }).getByRole("option").first()).toContainText("/hello");
  await page.keyboard.press("Enter");
  await expect(page.locator("#composer")).toHaveValue(/^jtx\? Hello (First|Second) Caller, this is Leo\./);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("log")).toContainText("this is Leo.");
  await page.keyboard.press("Escape");
  await page.keyboard.press("x");
  await expect(page.getByLabel("Why it is closed")).toBeFocused();
});
