// Starts the WASM and wakes the islands: what Leptos' inline hydration script does, as a file of
// its own, so that the pages need no inline script. The build puts the hashed names in.
// Whatever goes wrong is logged and the page stays as the server made it: its forms and links work.

const JS = "/pkg/vitrina.js";
const WASM = "/pkg/vitrina.wasm";
const VITALS = "/pkg/vitals.js";

// Children of the islands that are being woken, innermost last: an island is told when its turn comes.
const childrenCallbacks = [];

async function wake(element, mod) {
  const name = element.dataset.component;
  const island = mod[name];
  if (!island) {
    console.error(`Island ${name} is not in the WASM.`);
    return;
  }
  try {
    childrenCallbacks.at(-1)?.();
    // A lazy island returns a promise: its part of the WASM is fetched first.
    await island(element);
  } catch (error) {
    console.error(`Island ${name} did not wake:`, error);
    reportError(error);
  }
}

async function walk(node, mod) {
  const tag = node.tagName.toLowerCase();
  if (tag === "leptos-island") {
    await wake(node, mod);
  }
  const isChildren = tag === "leptos-children";
  if (isChildren) {
    childrenCallbacks.push(node.$$on_hydrate);
  }
  for (const child of node.children) {
    await walk(child, mod);
  }
  if (isChildren) {
    childrenCallbacks.pop();
  }
}

async function boot() {
  const state = document.documentElement.dataset;
  try {
    // A page without islands needs no WASM at all.
    if (document.querySelector("leptos-island")) {
      const mod = await import(JS);
      await mod.default({ module_or_path: WASM });
      mod.hydrate();
      await walk(document.body, mod);
    }
    state.hydrated = "true";
  } catch (error) {
    state.hydrated = "false";
    console.error("The page's scripts did not start:", error);
  }
  // How quick the shop is for shoppers; a page works as well without being measured.
  if (!/^\/..\/desk(\/|$)/.test(location.pathname)) {
    import(VITALS).catch(() => {});
  }
}

// When the page is drawn; a page that never rests is woken all the same.
if ("requestIdleCallback" in window) {
  window.requestIdleCallback(boot, { timeout: 2000 });
} else {
  boot();
}
