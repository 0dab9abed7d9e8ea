import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PageCode } from "../../reports/index.ts";
import { BROWSER, codeOfPages, open, startBrowser } from "./test-browser.ts";
import { LANES, STATIC, STEPS, framesWhile, longPage } from "./test-long-page.ts";

const folder = mkdtempSync(join(tmpdir(), "interlock-page-"));
let browser: Browser | null = null;
let code: PageCode | null = null;

beforeAll(async () => {
  if (BROWSER === null) return;
  browser = await startBrowser(BROWSER);
  code = await codeOfPages();
}, 240_000);

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const RUNS = 5;
const median = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0;

describe.skipIf(BROWSER === null)("a run with 200,000 events", () => {
  it("is on the screen within five times the time of a page without a script, and scrolls with 30 frames a second", async () => {
    const { html, events } = longPage(10_500, code!);
    expect(events).toBeGreaterThan(200_000);
    writeFileSync(join(folder, "long.html"), html);
    // The same size, nothing to execute.
    const words = "a step of a run ".repeat(Math.ceil(html.length / 16));
    writeFileSync(join(folder, "static.html"), `<!doctype html><html lang="en"><title>static</title><body><h1>static</h1><pre>${words.slice(0, html.length)}</pre></body></html>`);
    const times = { long: [] as number[], static: [] as number[] };
    for (let i = 0; i < RUNS; i++) for (const name of ["static", "long"] as const) times[name].push(await firstPaint(`${name}.html`));
    const plain = await browser!.newPage({ viewport: { width: 1440, height: 900 } });
    await plain.goto(`file://${join(folder, "static.html")}`);
    const { page } = await open(browser!, folder, "long.html");
    // What a busy machine takes from a page without a script, it takes from this one too: the best of up to three tries, side by side.
    const best = { usual: 0, steps: 0, lanes: 0 };
    // 30 of the 60 that there are; of what there is, where the machine does not give 60 to anybody.
    const wanted = (): number => Math.min(30, best.usual / 2);
    for (let i = 0; i < 3 && (i === 0 || Math.min(best.steps, best.lanes) < wanted()); i++) {
      await plain.bringToFront();
      best.usual = Math.max(best.usual, await plain.evaluate<number>(framesWhile(STATIC)));
      await page.bringToFront();
      best.steps = Math.max(best.steps, await page.evaluate<number>(framesWhile(STEPS)));
      best.lanes = Math.max(best.lanes, await page.evaluate<number>(framesWhile(LANES)));
    }

    console.log(`${String(events)} events, ${String(html.length)} bytes: first paint ${median(times.long).toFixed(0)} ms, static ${median(times.static).toFixed(0)} ms; `
      + `frames a second ${best.steps.toFixed(0)} in the steps, ${best.lanes.toFixed(0)} in the lanes, static ${best.usual.toFixed(0)}`);
    expect(median(times.long)).toBeLessThanOrEqual(5 * median(times.static));
    expect(Math.min(best.steps, best.lanes)).toBeGreaterThanOrEqual(wanted());
  }, 240_000);
});

/** ms until something is on the screen. */
async function firstPaint(name: string): Promise<number> {
  const page = await browser!.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`file://${join(folder, name)}`, { waitUntil: "commit" });
  const time = await page.evaluate<number>(`new Promise((resolve) => {
    const look = () => {
      const entry = performance.getEntriesByName("first-contentful-paint")[0];
      if (entry === undefined) setTimeout(look, 5); else resolve(entry.startTime);
    };
    look();
  })`);
  await page.close();
  return time;
}
