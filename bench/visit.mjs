// One visit with an empty browser: what comes over the network, and what the first paint waits for.
import { chromium } from "@playwright/test";

const kinds = { document: "html", stylesheet: "css", script: "js", font: "fonts", image: "pictures" };
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), "--disable-gpu", "--disable-background-networking"],
});
try {
  const page = await browser.newPage({ viewport: { width: 412, height: 823 }, deviceScaleFactor: 1.75, isMobile: true });
  const network = await page.context().newCDPSession(page);
  await network.send("Network.enable");
  const requests = new Map();
  network.on("Network.responseReceived", ({ requestId, type, response }) => {
    const kind = response.url.endsWith(".wasm") ? "wasm" : kinds[type.toLowerCase()] ?? "other";
    requests.set(requestId, { kind, url: response.url, bytes: 0 });
  });
  network.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const request = requests.get(requestId);
    if (request) request.bytes = encodedDataLength;
  });
  await page.goto(process.argv[2], { waitUntil: "networkidle" });
  await page.waitForTimeout(1000);

  const all = [...requests.values()];
  const bytes = {};
  for (const { kind, bytes: own } of all) bytes[kind] = (bytes[kind] ?? 0) + own;
  const largest = (kind) => Math.max(0, ...all.filter((one) => one.kind === kind).map((one) => one.bytes));
  const blocking = await page.evaluate(() =>
    performance.getEntriesByType("resource")
      .filter((entry) => entry.renderBlockingStatus === "blocking" && !entry.name.endsWith(".css"))
      .map((entry) => entry.name));
  console.log(JSON.stringify({ bytes, main_wasm: largest("wasm"), largest_font: largest("fonts"), blocking }));
} finally {
  await browser.close();
}
