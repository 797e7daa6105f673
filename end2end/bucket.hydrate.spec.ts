// Files of conversations in an object store. moto stands in for it, which speaks S3 and is not ours; script/setup installs it.
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "./fixtures.ts";
import { OwnServer } from "./own_server.ts";

const program = fileURLToPath(new URL("../target/setup/python/bin/moto_server", import.meta.url));
const picture = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");

let store: ChildProcess;
let bucket: string;
let own: OwnServer;

test.beforeAll(async ({}, info) => {
  test.setTimeout(90_000);
  const port = 3920 + info.parallelIndex;
  const origin = `http://127.0.0.1:${port}`;
  bucket = `${origin}/crocks`;
  store = spawn(program, ["-H", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
  await expect(async () => expect((await fetch(bucket, { method: "PUT" })).status).toBe(200)).toPass({ timeout: 30_000 });
  own = new OwnServer(3910 + info.parallelIndex, {
    FILES_URL: "s3://crocks", AWS_ENDPOINT: origin, AWS_ALLOW_HTTP: "true", AWS_REGION: "eu-south-2", AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "secret",
  });
  await own.start();
});

test.afterAll(async () => {
  await own.stop();
  store.kill();
});

test("a picture that a shopper sends lies in the bucket alone, and is there after a restart", async ({ browser }) => {
  const context = await browser.newContext({ baseURL: own.origin, javaScriptEnabled: false, locale: "en-GB" });
  const page = await context.newPage();
  await page.goto("/en/info/returns");
  await page.locator(".chat-corner").getByRole("link", { name: "Ask us" }).click();
  await page.getByLabel("Your question").fill("It came like this");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await page.locator("#files").setInputFiles({ name: "broken.gif", mimeType: "image/gif", buffer: picture });
  await page.getByLabel("Your message").fill("Here");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  const shown = page.getByAltText("Picture: broken.gif");
  await expect(shown).toBeVisible();
  const address = (await shown.getAttribute("src")) ?? "";
  expect(await (await page.request.get(address)).body()).toEqual(picture);
  const listed = await (await fetch(`${bucket}?list-type=2`)).text();
  expect(listed.match(/<Key>chat\//g)).toHaveLength(1);
  expect(existsSync(join(own.data, "files"))).toBe(false);

  await own.kill();
  await own.start();
  expect(await (await page.request.get(address)).body()).toEqual(picture);
  await context.close();
});
