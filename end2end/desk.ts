// What the specs of the desk have in common: somebody who works there, and a call that they note.
import type { Page } from "@playwright/test";
import { expect, hydrated } from "./fixtures.ts";
import { server } from "./shop.ts";

const password = "a long enough secret";

/** Somebody of the staff, of this test only. */
export function hire(name: string, ...roles: string[]): string {
  const email = `${name.replaceAll(" ", "")}-${Math.random().toString(36).slice(2)}@shop.test`.toLowerCase();
  server("staff", "add", "--email", email, "--name", name, "--password", password, ...roles.flatMap((role) => ["--role", role]));
  return email;
}

export async function logIn(page: Page, email: string, scripts: boolean): Promise<void> {
  await page.goto("/en/desk");
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page).toHaveURL(/\/en\/desk$/);
  if (scripts) await hydrated(page);
}

/** Notes a call; the page shows its conversation. */
export async function noteCall(page: Page, name: string, said: string, scripts: boolean): Promise<void> {
  await page.goto("/en/desk/contact");
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("What they want").fill(said);
  await page.getByRole("button", { name: "Note it" }).click();
  await expect(page.getByRole("heading", { name: new RegExp(name) }).first()).toBeVisible();
  if (scripts) await hydrated(page);
}
