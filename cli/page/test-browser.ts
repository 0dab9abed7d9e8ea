/** Pages in a browser, for the tests that look at them. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import type { PageCode } from "../../reports/index.ts";
import { findRoot } from "../../scripts/stamp.mjs";
import { loadEngine } from "../load-engine.ts";
import { findChromium } from "../runtimes/chromium.ts";
import { testIo } from "../test-io.ts";
import { PageWorkshop } from "./parts.ts";

const AXE = createRequire(import.meta.url).resolve("axe-core");

/** Where it is; null: this machine has none. */
export const BROWSER = findChromium();
if (BROWSER === null) console.error("no browser on this machine: the pages are not opened (CHROME_PATH names one)");

/** Starts it. */
export const startBrowser = (executablePath: string): Promise<Browser> => chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });

/** The code of the pages of the usual engine. */
export async function codeOfPages(): Promise<PageCode> {
  const root = findRoot();
  return new PageWorkshop(root, await loadEngine(testIo({ root, cwd: root }).io, null)).codeFor("dragonfly");
}

/** What a page leaves behind for those who ask from outside. */
export interface Told {
  readonly mark?: { readonly log: string; readonly failure: string };
  readonly events?: number;
  readonly error?: string;
}

/** A page that is open, and what it did that it should not. */
export interface Opened {
  readonly page: Page;
  readonly noise: readonly string[];
}

/** Opens a file, and waits until the run was executed. */
export async function open(browser: Browser, folder: string, name: string, options: { readonly dark?: boolean; readonly hash?: string } = {}): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: options.dark === true ? "dark" : "light" });
  const noise: string[] = [];
  const url = `file://${join(folder, name)}`;
  page.on("console", (message) => noise.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => noise.push(String(error)));
  page.on("dialog", (dialog) => noise.push(`dialog ${dialog.message()}`));
  page.on("request", (request) => {
    if (request.url().split("#")[0] !== url) noise.push(`request ${request.url()}`);
  });
  await page.goto(url + (options.hash ?? ""));
  if (name !== "index.html") await page.waitForFunction(isExecuted, null, { timeout: 60_000 });
  if (name !== "index.html") await page.waitForSelector(".steps .row[aria-selected=true]");
  return { page, noise };
}

/** Runs in the page. */
const isExecuted = (): boolean => {
  const { interlock } = globalThis as unknown as { readonly interlock: Told };
  return interlock.mark !== undefined || interlock.error !== undefined;
};

/** What axe answers. */
interface Found {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string; readonly any?: readonly { readonly message: string }[] }[] }[];
}

/** What axe finds, a line each. */
export async function faults(page: Page): Promise<readonly string[]> {
  await page.evaluate(readFileSync(AXE, "utf8"));
  const { violations } = await page.evaluate<Found>("axe.run()");
  return violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ html, any = [] }) => `${id}: ${html.slice(0, 160)} ${any[0]?.message ?? ""}`));
}

