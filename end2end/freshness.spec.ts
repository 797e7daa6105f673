// Pages are kept, but never longer than they are true: a new price is on the page within a second.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "./fixtures.ts";
import { server } from "./shop.ts";

function importAt(handle: string, price: string, title: string, category = "", categoryEs = ""): void {
  const file = join(mkdtempSync(join(tmpdir(), "vitrina-")), "one.csv");
  const rows = [
    "Handle,Title,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Published,Status,Product Category,Product Category [es]",
    `${handle},${title},${handle.toUpperCase()},shopify,5,deny,${price},TRUE,active,${category},${categoryEs}`,
  ];
  writeFileSync(file, `${rows.join("\n")}\n`);
  server("catalog", "import", file);
}

test("a changed price or text is on the page within a second, also for those who saw the old one", async ({ page, open, scripts }) => {
  const handle = `fresh-${scripts ? "awake" : "asleep"}`;
  // One import at a time: the other run of this spec may be at it.
  await expect(() => importAt(handle, "10.00", "Fresh Bowl")).toPass({ timeout: 20_000 });
  await open(`/en/p/${handle}`);
  await expect(page.getByRole("main")).toContainText("€10.00");
  // Kept by now: the second reader gets the stored page.
  await page.reload();
  await expect(page.getByRole("main")).toContainText("€10.00");

  await expect(() => importAt(handle, "12.50", "Fresher Bowl")).toPass({ timeout: 20_000 });
  await expect
    .poll(async () => (await page.request.get(`/en/p/${handle}`)).text(), { timeout: 1000, intervals: [100] })
    .toContain("€12.50");
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Fresher Bowl");
});

test("a renamed category is in every page's menu within a second", async ({ page, open, scripts }) => {
  const run = scripts ? "Awake" : "Asleep";
  const importNamed = (name: string) => importAt(`named-${run.toLowerCase()}`, "10.00", "Named Bowl", `Named ${run}`, name);
  await expect(() => importNamed(`Antes ${run}`)).toPass({ timeout: 20_000 });
  await open("/es/info/returns");
  await expect(page.locator("header")).toContainText(`Antes ${run}`);
  await expect(() => importNamed(`Ahora ${run}`)).toPass({ timeout: 20_000 });
  await expect
    .poll(async () => (await page.request.get("/es/info/returns")).text(), { timeout: 1000, intervals: [100] })
    .toContain(`Ahora ${run}`);
});
