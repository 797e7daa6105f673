// The desk's pages as a manager has them, with a year of answers behind the quality desk: nobody is left out, nothing
// scrolls sideways, on a phone or wide, in both languages; and paper shows what was found without what only a screen needs.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import type { Page } from "@playwright/test";
import { examine } from "./examine.ts";
import { expect, hydrated, test } from "./fixtures.ts";
import { OwnServer } from "./own_server.ts";

const password = "a long enough secret";
const items = ["EFF1", "EFF2", "EFF3", "SYS1", "SYS2", "FUL1", "FUL2", "PRI1", "PRI2", "VAL1", "LOY1", "LOY2"];
const pages = [
  "quality?weeks=52", "quality?weeks=52&measure=FUL", "quality/instrument", "quality/answers", "quality/comments", "cases", "customers", "reports",
  "promises", "complaints", "surveys",
];

let own: OwnServer;

/** Of 160 people over 40 weeks: earlier ones are content, later ones less, and parcels of one carrier come late. */
function answers(): string {
  const lines = [`finished,language,device,category,carrier,${items.join(",")},NPS`];
  for (let n = 0; n < 160; n++) {
    const day = new Date(Date.now() - (n % 40) * 7 * 86_400_000 - 86_400_000).toISOString().slice(0, 10);
    const carrier = ["correos", "seur"][n % 2] ?? "";
    const said = items.map((item, place) => {
      const mood = 3 + ((n * 7 + place * 3) % 3) - (item.startsWith("FUL") && carrier === "seur" ? 1 : 0) - (n % 40 < 10 ? 1 : 0);
      return Math.min(5, Math.max(1, mood));
    });
    lines.push([day, ["es", "en"][n % 3 && 1], ["phone", "desktop"][n % 2], "bowls", carrier, ...said, (n * 5) % 11].join(","));
  }
  return `${lines.join("\n")}\n`;
}

test.describe.configure({ mode: "serial" });

test.beforeAll(async ({}, info) => {
  test.setTimeout(120_000);
  own = new OwnServer(3940 + info.parallelIndex);
  await own.start();
  own.command("staff", "add", "--email", "marta@shop.test", "--name", "Marta", "--password", password, "--role", "manager");
  const file = join(tmpdir(), `answers-${process.pid}.csv`);
  writeFileSync(file, answers());
  expect(own.command("surveys", "import", file, "--instrument", "service-quality")).toContain("160 rows imported");
});

test.afterAll(async () => own.stop());

async function enter(page: Page, language: "en" | "es"): Promise<void> {
  await page.goto(`${own.origin}/${language}/desk`);
  await page.locator("input[name=email]").fill("marta@shop.test");
  await page.locator("input[name=password]").fill(password);
  await page.locator("form[action*='log-in'] button").first().click();
  await expect(page.getByRole("navigation").first()).toBeVisible();
  await hydrated(page);
}

for (const [language, width] of [["en", 1360], ["es", 360]] as const) {
  test(`every page is for everybody, ${width} wide`, async ({ page }) => {
    test.slow();
    await page.setViewportSize({ width, height: 800 });
    await enter(page, language);
    for (const path of pages) {
      const answer = await page.goto(`${own.origin}/${language}/desk/${path}`);
      expect(answer?.status(), path).toBe(200);
      await examine(page, path);
    }
  });
}

test("what came in by a file is what the desk shows, and paper shows it without the screen's controls", async ({ page }) => {
  await enter(page, "en");
  await page.goto(`${own.origin}/en/desk/quality?weeks=52`);
  const measured = page.getByRole("table").filter({ hasText: "Fulfilment" }).first();
  await expect(measured.getByRole("row", { name: /^Fulfilment/ })).toContainText("160");
  await expect(page.locator("#groups").getByRole("row", { name: /^Correos/ })).toContainText("80");
  const filter = page.getByRole("button", { name: "Show" });
  await expect(filter).toBeVisible();
  await page.emulateMedia({ media: "print" });
  await expect(measured).toBeVisible();
  await expect(filter).toBeHidden();
  await expect(page.locator(".desk__nav")).toBeHidden();
});
