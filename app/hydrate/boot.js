// Starts the WASM and wakes the islands: what Leptos' inline hydration script does, as a file of
// its own, so that the pages need no inline script. The build puts the hashed names in.
// Whatever goes wrong is logged and the page stays as the server made it: its forms and links work.

const JS = "/pkg/vitrina.js";
const WASM = "/pkg/vitrina.wasm";
const VITALS = "/pkg/vitals.js";

const MARKED = "leptos-island, leptos-children";

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

// Islands in the order of the page, each before those within it. Each is a task of its own, so that whoever touches the
// page meanwhile does not wait for all of them.
async function walk(node, mod) {
  const around = node.closest(MARKED);
  for (const part of node.querySelectorAll(MARKED)) {
    if (part.parentElement?.closest(MARKED) !== around) {
      continue;
    }
    if (part.localName === "leptos-island") {
      await breath();
      await wake(part, mod);
      await walk(part, mod);
    } else {
      childrenCallbacks.push(part.$$on_hydrate);
      await walk(part, mod);
      childrenCallbacks.pop();
    }
  }
}

function breath() {
  return globalThis.scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve));
}

async function boot() {
  const state = document.documentElement.dataset;
  try {
    // A page without islands needs no WASM at all.
    if (document.querySelector("leptos-island")) {
      const mod = await import(JS);
      await mod.default({ module_or_path: WASM });
      await breath();
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
