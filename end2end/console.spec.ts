// The console as an agent uses it, awake and asleep: a call is noted, answered, and closed with a reason.
import { hire, logIn, noteCall } from "./desk.ts";
import { expect, test } from "./fixtures.ts";

test.use({ allowed: /status of 422/ });

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
