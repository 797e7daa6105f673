// Lighthouse with its mobile preset over home, category and product: five runs each, the median of every score.
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const RUNS = 5;
const [origin] = process.argv.slice(2);
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

const chrome = await launch({
  chromePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  chromeFlags: ["--headless=new", "--disable-gpu", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
});
try {
  // As a person finds it: the first category of the menu, and a product.
  const home = await (await fetch(`${origin}/en`)).text();
  const category = home.match(/href="(\/en\/c\/[^"]+)"/)[1];
  const judged = [];
  for (const [page, path] of [["home", "/en"], ["category", category], ["product", "/en/p/tide-bowl"]]) {
    const runs = [];
    for (let run = 0; run < RUNS; run += 1) {
      const { lhr } = await lighthouse(`${origin}${path}`, { port: chrome.port, output: "json", logLevel: "silent" });
      runs.push(lhr);
    }
    const of = (audit) => median(runs.map((lhr) => lhr.audits[audit].numericValue));
    const scores = Object.fromEntries(Object.keys(runs[0].categories)
      .map((name) => [name, Math.round(median(runs.map((lhr) => lhr.categories[name].score)) * 100)]));
    judged.push({
      page,
      scores,
      largest_contentful_paint: of("largest-contentful-paint"),
      total_blocking_time: of("total-blocking-time"),
      layout_shift: of("cumulative-layout-shift"),
      complaints: complaints(runs.at(-1)),
    });
  }
  console.log(JSON.stringify(judged));
} finally {
  chrome.kill();
}

/** The weighted audits that were not passed. */
function complaints(lhr) {
  return Object.values(lhr.categories).flatMap((category) => category.auditRefs
    .filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 0.9)
    .map(({ id }) => `${category.id}: ${lhr.audits[id].title} (${lhr.audits[id].displayValue ?? id})`));
}
