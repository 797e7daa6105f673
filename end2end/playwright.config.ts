// Runs every spec twice against one real server with the demonstration shop: `hydrated` as most
// people browse, `noscript` with scripts off. script/test makes the database and calls it;
// `npm run test:end2end` does the same by hand against target/debug/server as it is.
import { defineConfig, devices } from "@playwright/test";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const port = Number(process.env.END2END_PORT ?? 3917);
const origin = `http://127.0.0.1:${port}`;
const isRoot = process.getuid?.() === 0;

// Fresh for every run. Workers read this file too: only the first reader may empty the folder.
function dataFolder(): string {
  if (!process.env.END2END_DATA) {
    process.env.END2END_DATA = join(root, "target/end2end/data");
    rmSync(process.env.END2END_DATA, { recursive: true, force: true });
  }
  return process.env.END2END_DATA;
}

// What the server under test is told. Without a database's address it starts its own Postgres.
function serverEnvironment(): Record<string, string> {
  const environment: Record<string, string> = {
    LISTEN: `127.0.0.1:${port}`,
    DATA_FOLDER: dataFolder(),
    // Every request of the specs comes from one address.
    RATE_LIMITS: "off",
  };
  const database = process.env.END2END_DATABASE_URL;
  return database ? { ...environment, DATABASE_URL: database } : environment;
}

const chromium = {
  ...devices["Desktop Chrome"],
  launchOptions: {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      ...(isRoot ? ["--no-sandbox"] : []),
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  },
};

export default defineConfig({
  testDir: ".",
  outputDir: join(root, "target/end2end/results"),
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 30_000,
  globalTimeout: 40 * 60_000,
  reporter: [["list"], ["json", { outputFile: process.env.END2END_REPORT ?? join(root, "target/end2end/report.json") }]],
  use: { baseURL: origin, screenshot: "only-on-failure", trace: "retain-on-failure" },
  projects: [
    { name: "hydrated", use: chromium },
    { name: "noscript", use: { ...chromium, javaScriptEnabled: false }, testIgnore: "**/*.hydrate.spec.ts" },
  ],
  webServer: {
    command: "exec target/debug/server --demo",
    cwd: root,
    env: serverEnvironment(),
    url: `${origin}/ready`,
    // The demonstration shop's pictures are encoded at the first start.
    timeout: 600_000,
    gracefulShutdown: { signal: "SIGTERM", timeout: 20_000 },
    stdout: "pipe",
    stderr: "pipe",
  },
});
