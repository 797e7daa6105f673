// The chat's panel by keyboard alone, through a lost network, and across pages.
import { expect, hydrated, test } from "./fixtures.ts";

// A request that finds no network is logged by the browser.
test.use({ allowed: /ERR_INTERNET_DISCONNECTED|WebSocket connection/ });

test("the panel is entered, used and left with the keyboard, and gives the focus back", async ({ page, open }) => {
  await open("/en/info/returns");
  const button = page.locator(".chat-button");
  await button.focus();
  await page.keyboard.press("Enter");
  const panel = page.getByRole("dialog", { name: "Ask us" });
  await expect(panel.getByLabel("Your question")).toBeFocused();
  await page.keyboard.type("Do you deliver to Vigo?");
  await page.keyboard.press("Escape");
  await expect(panel).toBeHidden();
  await expect(button).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(panel.getByLabel("Your question")).toHaveValue("Do you deliver to Vigo?");
});

test("over a phone's whole screen the focus stays in the panel, both ways round", async ({ page, open }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await open("/en/info/returns");
  await page.locator(".chat-button").click();
  const panel = page.getByRole("dialog", { name: "Ask us" });
  await expect(panel.getByLabel("Your question")).toBeFocused();
  for (const key of [...Array(15).fill("Tab"), ...Array(15).fill("Shift+Tab")]) {
    await page.keyboard.press(key);
    await expect(panel.locator(":focus")).toHaveCount(1);
  }
});

test("what is written without a network is sent when it is back, once", async ({ page, open, context }) => {
  await open("/en/info/returns");
  await page.locator(".chat-button").click();
  const panel = page.getByRole("dialog", { name: "Ask us" });
  await panel.getByLabel("Your question").fill("Hello?");
  await panel.getByRole("button", { name: "Send", exact: true }).click();
  await expect(panel.getByText("Hello?")).toBeVisible();
  await context.setOffline(true);
  await expect(panel.getByText(/connection is lost/)).toBeVisible();
  await panel.getByLabel("Your message").fill("Said in the dark");
  await panel.getByLabel("Your message").press("Enter");
  await expect(panel.getByText("Sending")).toBeVisible();
  await context.setOffline(false);
  await expect(panel.getByText(/connection is lost/)).toBeHidden({ timeout: 20_000 });
  await expect(panel.getByText("Sending")).toBeHidden({ timeout: 20_000 });
  await page.goto("/en/info/delivery");
  await hydrated(page);
  await expect(panel.getByText("Said in the dark")).toHaveCount(1);
});
