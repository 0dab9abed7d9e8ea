import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pageHtml, type PageCode, type PageData } from "../../reports/index.ts";
import { findRoot } from "../../scripts/stamp.mjs";
import { loadEngine } from "../load-engine.ts";
import { run } from "../test-io.ts";
import { BROWSER, codeOfPages, faults, open as openIn, startBrowser, type Opened, type Told } from "./test-browser.ts";

const root = findRoot();
const FINDING = "findings/groups-without-a-lock-groups-agree-both-ways.json";

const folder = mkdtempSync(join(tmpdir(), "interlock-page-"));
let browser: Browser | null = null;
let code: PageCode | null = null;

/** Opens a file of the folder. */
const open = (name: string, options: Parameters<typeof openIn>[3] = {}): Promise<Opened> => openIn(browser!, folder, name, options);

const toldBy = (page: Page): Promise<Told> => page.evaluate("interlock");
const place = (page: Page): Promise<string | null> => page.textContent(".place");

function dataOf(name: string): PageData {
  const [, packed = ""] = /id="data">([^<]*)</.exec(readFileSync(join(folder, name), "utf8")) ?? [];
  return JSON.parse(gunzipSync(Buffer.from(packed, "base64")).toString("utf8")) as PageData;
}

/** Number of the last event. */
const lastOf = (name: string): number => dataOf(name).run.notes.stackOf.length - 1;

beforeAll(async () => {
  if (BROWSER === null) return;
  browser = await startBrowser(BROWSER);
  code = await codeOfPages();
  const { stdout } = await run(["replay", join(root, FINDING), "--format", "html"], { root, load: loadEngine });
  writeFileSync(join(folder, "run.html"), stdout);
  const checked = await run(["check", "--seed", "7", "--runs", "400", "--scenario", "group-*", "--jobs", "0", "--variant", "joins-a-group-one-way", "--reporter", "html", "--out", folder, "--no-regressions"], { root, cwd: folder, load: loadEngine });
  if (!readdirSync(folder).includes("index.html")) throw new Error(checked.stderr);
}, 240_000);

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(BROWSER === null)("a page in a browser", () => {
  it("opens from disk, asks for nothing, and comes to the same as Node", async () => {
    const { page, noise } = await open("run.html");
    const { mark, events } = await toldBy(page);

    expect(mark).toEqual(dataOf("run.html").run.mark);
    expect(events).toBe(dataOf("run.html").run.notes.stackOf.length);
    expect(await page.textContent("#status")).toMatch(/^Re-executed in this page: .* the same run to the bit\.$/);
    expect(noise).toEqual([]);
    await page.close();
  });

  it("evaluates no text and reaches nobody", async () => {
    const { page } = await open("run.html");
    // What is evaluated from outside may evaluate text itself; what runs behind it, in a task of the page, may not.
    const refused = await page.evaluate(`new Promise((resolve) => setTimeout(async () => {
      const attempts = [() => eval("1"), () => new Function("return 1")(), () => fetch("https://example.org/"), () => new Promise((ok, no) => { const i = new Image(); i.onload = ok; i.onerror = () => no(new Error("refused")); i.src = "https://example.org/x.png"; })];
      const answers = [];
      for (const attempt of attempts) try { await attempt(); answers.push("done"); } catch { answers.push("refused"); }
      resolve(answers);
    }))`);

    expect(refused).toEqual(["refused", "refused", "refused", "refused"]);
    await page.close();
  });

  it("marks the causal slice, and shows it alone at a press", async () => {
    const { page, noise } = await open("run.html", { hash: "#e50" });
    const { slice } = dataOf("run.html").run.notes;
    const button = page.getByRole("button", { name: `only the causal slice (${String(slice.length)})` });

    expect(slice.length).toBeGreaterThan(0);
    await button.click();
    expect(await page.getAttribute(".steps", "aria-rowcount")).toBe(String(slice.length + 1));
    expect(await page.locator(".steps-body .row").count()).toBeGreaterThan(0);
    expect(await page.locator(".steps-body .row:not(.slice)").count()).toBe(0);
    await button.click();
    expect(await page.getAttribute(".steps", "aria-rowcount")).toBe(String(lastOf("run.html") + 2));
    expect(noise).toEqual([]);
    await page.close();
  });

  it("steps by keyboard, and the address follows", async () => {
    const last = lastOf("run.html");
    const at = (event: number): string => `e${String(event)} / ${String(last)}`;
    const { page, noise } = await open("run.html", { hash: "#e50" });

    expect(await place(page)).toBe(at(50));
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("j");
    expect(await place(page)).toBe(at(52));
    await page.keyboard.press("ArrowLeft");
    expect(await place(page)).toBe(at(51));
    expect(await page.evaluate("location.hash")).toBe("#e51");
    await page.keyboard.press("Home");
    expect(await place(page)).toBe(at(0));
    await page.keyboard.press("f");
    expect(await place(page)).toBe(at(last));
    await page.waitForSelector(`#a-e${String(last)}`);
    const switches = await page.evaluate<string[]>(`Array.from(document.querySelectorAll(".row.switches, .row.preempts"), ({ id }) => id).filter((id) => id !== "a-e${String(last)}")`);
    await page.keyboard.press("[");
    expect(switches.length).toBeGreaterThan(0);
    expect(await page.getAttribute(".steps", "aria-activedescendant")).toBe(switches.at(-1));
    expect(`a-${(await place(page))?.split(" ")[0] ?? ""}`).toBe(switches.at(-1));
    expect(noise).toEqual([]);
    await page.close();
  });

  it("shows the machine at the cursor", async () => {
    const { page } = await open("run.html", { hash: "#e0" });
    await page.waitForSelector(".inspector .cpu");
    const first = await page.textContent(".inspector");
    await page.keyboard.press("End");
    await page.waitForSelector(".inspector .cpu em");

    expect(first).toContain("cpu 0");
    expect(await page.textContent(".inspector")).not.toBe(first);
    await page.close();
  });

  it("searches, runs to the next match, and shows only these", async () => {
    const { page } = await open("run.html", { hash: "#e0" });
    await page.keyboard.press("/");
    await page.keyboard.type("is:preemption by:\"multi 1\"");
    const found = await page.textContent(".search output");
    await page.keyboard.press("Enter");
    const at = await place(page);
    await page.keyboard.press("Escape");
    await page.keyboard.press("n");

    expect(found).toMatch(/^[1-9]\d* found$/);
    expect(at).toMatch(/^e[1-9]/);
    expect(await place(page)).not.toBe(at);
    await page.click(".search label");
    expect(await page.getAttribute(".steps", "aria-rowcount")).toBe(String(Number(found!.split(" ")[0]) + 1));
    await page.close();
  });

  it("puts the passing run beside it, at the first difference", async () => {
    const { page, noise } = await open("run.html");
    await page.keyboard.press("c");
    await page.waitForSelector(".compared .steps >> nth=1");

    expect(await page.locator(".steps").count()).toBe(2);
    await page.locator(".row.parts").nth(1).waitFor();
    expect(await page.locator(".row.parts").count()).toBe(2);
    expect(await page.textContent(".tools")).toMatch(/first difference: e\d+/);
    expect(noise).toEqual([]);
    await page.close();
  });

  it.each([["light", false], ["dark", true]])("has no fault that axe knows of, in the %s", async (_name, dark) => {
    const { page } = await open("run.html", { dark });
    await page.waitForSelector(".inspector .cpu");
    expect(await faults(page)).toEqual([]);
    await page.keyboard.press("c");
    await page.waitForSelector(".compared");
    expect(await faults(page)).toEqual([]);
    await page.keyboard.press("?");
    expect(await faults(page)).toEqual([]);
    await page.close();
    const index = await open("index.html", { dark });
    expect(await faults(index.page)).toEqual([]);
    expect(index.noise).toEqual([]);
    await index.page.close();
  });

  it("shows the row at the cursor in a window of 420 pixels, all contexts in one column", async () => {
    const { page } = await open("run.html");
    await page.setViewportSize({ width: 420, height: 900 });
    const shown = (): Promise<unknown> => page.evaluate(`(() => {
      const steps = document.querySelector(".steps");
      const table = steps.getBoundingClientRect();
      const row = document.querySelector(".steps .row[aria-selected=true]")?.getBoundingClientRect();
      return { columns: steps.getAttribute("aria-colcount"), inTable: row !== undefined && row.top >= table.top && row.bottom <= table.bottom, wide: document.documentElement.scrollWidth, tall: table.height };
    })()`);

    // Lanes and table follow the window when they are told of it, a frame or two later.
    await expect.poll(shown, { timeout: 20_000 }).toEqual({ columns: "2", inTable: true, wide: 420, tall: 540 });
    await page.close();
  });

  it("prints the steps", async () => {
    const { page } = await open("run.html");
    await page.emulateMedia({ media: "print" });
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");

    expect(await page.locator(".printed tr").count()).toBe(lastOf("run.html") + 1);
    expect(await page.isVisible("#app")).toBe(false);
    await page.close();
  });

  it("takes names for nothing but text", async () => {
    const evil = `"><img src=x onerror="alert(1)"><script>alert(2)</script>`;
    const data = dataOf("run.html");
    const { notes } = data.run;
    const changed: PageData = { ...data, run: { ...data.run, title: evil, notes: { ...notes, stacks: notes.stacks.map((stack) => stack.map(() => evil)), places: notes.places.map(() => ({ model: { file: evil, line: 1 }, seed: null })) } } };
    const failure = { kind: "Violation", id: evil, message: evil, facts: [[evil, evil]] } as const;
    writeFileSync(join(folder, "evil.html"), pageHtml({ scenario: evil, token: evil, found: null, shrunk: null, failure, site: null }, code!, gzipSync(JSON.stringify(changed)).toString("base64")));

    const { page, noise } = await open("evil.html");
    await page.waitForSelector(".inspector .cpu");

    expect(await page.textContent("h1")).toBe(evil);
    expect(await page.locator("img").count()).toBe(0);
    expect(noise).toEqual([]);
    await page.close();
  });
});
