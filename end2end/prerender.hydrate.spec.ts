// A page whose link the pointer rests on is rendered ahead of the click, and nothing comes of it if there is no click.
// A small proxy before the shop writes down what the server is asked.
import { expect, test as base } from "@playwright/test";
import { createServer, request as ask, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Tab } from "./tab.ts";

type Asked = { method: string; path: string; ahead: boolean };

const test = base.extend<{ tab: Tab; shop: { origin: string; asked: Asked[] } }>({
  tab: async ({}, use) => {
    const tab = await Tab.open();
    await use(tab);
    await tab.close();
  },

  shop: async ({ baseURL }, use) => {
    const asked: Asked[] = [];
    const proxy = createServer((incoming, answer) => {
      asked.push(noted(incoming));
      const { method, headers, url } = incoming;
      const onward = ask(`${baseURL}${url}`, { method, headers }, (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
      });
      onward.on("error", () => answer.destroy());
      incoming.pipe(onward);
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const { port } = proxy.address() as AddressInfo;
    await use({ origin: `http://127.0.0.1:${port}`, asked });
    await closed(proxy);
  },
});

function noted(incoming: IncomingMessage): Asked {
  const ahead = String(incoming.headers["sec-purpose"] ?? "").includes("prerender");
  return { method: incoming.method ?? "", path: (incoming.url ?? "").split("?")[0]!, ahead };
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

const awake = "document.documentElement.dataset.hydrated";
const badge = `document.querySelector("[data-cart-count]").textContent`;

test("a product is there before the click, and until then nothing has happened", async ({ tab, shop: { origin, asked } }) => {
  await tab.goto(`${origin}/en/c/bowls`);
  await expect.poll(() => tab.read(awake)).toBe("true");
  const link = `main a[href="/en/p/tide-bowl"]`;
  const product = () => asked.filter(({ path }) => path === "/en/p/tide-bowl");

  await tab.hover(link);
  await expect.poll(product).toEqual([{ method: "GET", path: "/en/p/tide-bowl", ahead: true }]);
  await expect.poll(() => tab.readAhead("document.prerendering && document.readyState")).toBe("complete");
  // Time enough for islands that would call the server when they wake up.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(asked.filter(({ method, path }) => method !== "GET" || path.startsWith("/api/"))).toEqual([]);
  expect(await tab.read("location.pathname")).toBe("/en/c/bowls");

  await tab.click(link);
  await expect.poll(() => tab.read("location.pathname").catch(() => "between two pages")).toBe("/en/p/tide-bowl");
  expect(await tab.read(`performance.getEntriesByType("navigation")[0].activationStart`), "shown, not loaded").toBeGreaterThan(0);
  expect(product(), "asked for once").toHaveLength(1);

  await expect.poll(() => tab.read(awake)).toBe("true");
  expect(await tab.read(badge)).toBe("");
  // Chromium drops the debugger's mouse on a page that was rendered ahead, so the button is told directly.
  await tab.read(`document.querySelector(".buy__form button[type=submit]").click()`);
  await expect.poll(() => tab.read(badge)).toBe("1");
  // Besides, the page that was left says how quick it was.
  const posts = () => asked.filter(({ method, path }) => method === "POST" && path !== "/beacon").map(({ path }) => path);
  await expect.poll(posts).toEqual(["/api/cart/add"]);
});

test("a page that was there before something was added shows the new number", async ({ tab, shop: { origin, asked } }) => {
  await tab.goto(`${origin}/en/c/bowls`);
  await expect.poll(() => tab.read(awake)).toBe("true");
  const link = `main a[href="/en/p/tide-bowl"]`;
  await tab.hover(link);
  await expect.poll(() => tab.readAhead("document.prerendering && " + awake)).toBe("true");
  await tab.read(`(async () => {
    const page = await (await fetch("/en/p/tide-bowl")).text();
    const variant = page.match(/name="variant" value="([^"]+)"/)[1];
    await fetch("/api/cart/add", { method: "POST", body: new URLSearchParams({ variant, quantity: "1" }) });
  })()`);
  await expect.poll(() => asked.filter(({ method }) => method === "POST")).toHaveLength(1);
  await new Promise((resolve) => setTimeout(resolve, 500));
  await tab.click(link);
  await expect.poll(() => tab.read("location.pathname").catch(() => "between two pages")).toBe("/en/p/tide-bowl");
  expect(await tab.read(`performance.getEntriesByType("navigation")[0].activationStart`), "shown, not loaded").toBeGreaterThan(0);
  await expect.poll(() => tab.read(badge)).toBe("1");
});

test("what is somebody's own, or changes what is remembered, is never rendered ahead", async ({ tab, shop: { origin, asked } }) => {
  await tab.goto(`${origin}/en`);
  await expect.poll(() => tab.read(awake)).toBe("true");
  const left = ["/en/cart", "/en/track", "/es"];
  for (const address of left) {
    await tab.hover(`a[href="${address}"]`);
    await new Promise((resolve) => setTimeout(resolve, 800));
  }
  // That another page is shows that these would have been.
  await tab.hover(`footer a[href="/en/info/returns"]`);
  await expect.poll(() => asked.filter(({ ahead }) => ahead).map(({ path }) => path)).toContain("/en/info/returns");
  expect(asked.map(({ path }) => path).filter((path) => left.includes(path))).toEqual([]);
});
