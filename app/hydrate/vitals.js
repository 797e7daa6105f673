// Tells the shop how quick this page was and what failed on it, once, when it is left: without cookies, and nothing of
// whose page it was. The measuring is web-vitals', which its makers keep in step with what browsers report.

import { onCLS, onINP, onLCP, onTTFB } from "/pkg/web-vitals.js";

const visit = { device: matchMedia("(max-width: 48rem)").matches ? "phone" : "desktop", failed: 0 };
let told = false;

// The page's own scripts may have failed before this one came.
if (document.documentElement.dataset.hydrated === "false") {
  visit.failed += 1;
}
for (const kind of ["error", "unhandledrejection"]) {
  addEventListener(kind, () => (visit.failed = Math.min(visit.failed + 1, 5)));
}

onLCP(({ value }) => (visit.lcp = value));
onINP(({ value }) => (visit.inp = value));
onCLS(({ value }) => (visit.cls = value));
onTTFB(({ value }) => (visit.ttfb = value));

// On the window and not while it goes down: the measures are made when the document hears the same.
addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "hidden" || told) {
    return;
  }
  told = true;
  fetch("/beacon", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(visit),
    credentials: "omit",
    keepalive: true,
  }).catch(() => {});
});
