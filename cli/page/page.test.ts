import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { markOf, pageHtml, type PageCase, type PageData, type RunEvents } from "../../reports/index.ts";
import { EventWatcher } from "../../reports/engine-index.ts";
import { engineOf } from "../../reports/page/engine-of.ts";
import { PROPERTIES } from "../../properties/index.ts";
import { SCENARIOS } from "../../scenarios/index.ts";
import { findRoot } from "../../scripts/stamp.mjs";
import { engine } from "../engine.ts";
import type { Case } from "../engine-set.ts";
import { explanationOf } from "../explain/explain.ts";
import { loadEngine } from "../load-engine.ts";
import { Looking } from "../looking.ts";
import { run, testIo } from "../test-io.ts";
import { readToken, type ReadToken } from "../tokens.ts";
import { nearestPassing } from "./neighbour.ts";
import { PageWorkshop } from "./parts.ts";
import { longRun } from "../../reports/page/test-long-run.ts";

const root = findRoot();
/** All that is in a page but data. */
const BYTES_MOST = 400_000;

interface Finding {
  readonly kind: string;
  readonly token: string;
}

/** Findings of the model as it stands, one for each kind of failure and system. */
async function samples(): Promise<readonly ReadToken[]> {
  const found = new Map<string, ReadToken>();
  for (const name of readdirSync(join(root, "findings")).filter((file) => file.endsWith(".json"))) {
    const { kind, token = "" } = JSON.parse(readFileSync(join(root, "findings", name), "utf8")) as Partial<Finding>;
    if (!token.startsWith("ilk1:")) continue;
    const what = await readToken(token);
    const { xnu, tun } = what.config.topology;
    const key = `${String(kind)} ${xnu === undefined ? "" : "xnu"} ${tun === undefined ? "" : "tun"}`;
    if (what.variant === null && (what.origin ?? null) === null && !found.has(key)) found.set(key, what);
  }
  return [...found.values()];
}

const pageCase = ({ scenario, config, choices, property }: Case) => ({ scenario, config, choices, property, limits: null });
const system = ({ config }: Case): "dragonfly" | "xnu" => (config.topology.xnu === undefined ? "dragonfly" : "xnu");

/** The engine of a page in a realm that has nothing but the language. */
function bareEngine(script: string): ReturnType<typeof engineOf> {
  const realm = createContext({}, { codeGeneration: { strings: false, wasm: false } });
  runInContext(script, realm);
  return (runInContext("interlockEngine", realm) as { engine: ReturnType<typeof engineOf> }).engine;
}

/** Looks at every so-manieth event: which locks were seen held by who entered them, which values as they were written. */
function statesSeen(pages: ReturnType<typeof engineOf>, what: PageCase, events: RunEvents, stride: number): { readonly entered: number; readonly written: number; readonly wrong: readonly string[] } {
  const wrong: string[] = [];
  let entered = 0;
  let written = 0;
  for (let i = 0; i < events.events.length; i += stride) {
    const event = events.events[i]!;
    const { locks, objects } = pages.inspect(what, events, i);
    if (event.verb === "enter" && locks.some(({ label, owner }) => label === event.object && owner === event.context)) entered++;
    // An IPI is received between two points: it is shown with all that its pass does up to the next point.
    if (event.verb === "receive") continue;
    for (const { field, after } of event.changes.slice(-1)) {
      // Several messages have the same name.
      const shown = objects.filter(({ label }) => field.startsWith(`${label} `)).flatMap(({ label, fields }) =>
        fields.filter(({ name, items }) => field === `${label} ${name}` && items === null).map(({ value }) => value.replace(/ \(0x.*\)$/, "")));
      if (shown.length === 0) continue;
      written++;
      if (!shown.includes(after)) wrong.push(`${what.scenario} e${String(i)} ${event.text}: ${field} ${after}, shown ${shown.join()}`);
    }
  }
  return { entered, written, wrong };
}

const all = await samples();
const io = testIo({ root, cwd: root }).io;

describe("the engine of a page", () => {
  it("comes to the same as Node, to the bit, in a realm without Node, and knows no source text", async () => {
    const loaded = await loadEngine(io, null);
    const workshop = new PageWorkshop(root, loaded);
    const engines = { dragonfly: bareEngine((await workshop.codeFor("dragonfly")).engine), xnu: bareEngine((await workshop.codeFor("xnu")).engine) };

    expect(all.length).toBeGreaterThan(5);
    expect(new Set(all.map(system))).toEqual(new Set(["dragonfly", "xnu"]));
    const weak = all.slice(0, 2).map((what): ReadToken => ({ ...what, config: { ...what.config, memory: "tso" } }));
    for (const what of [...all, ...weak]) {
      const here = engine.replay(what);
      const mark = markOf(here, here.log);
      const there = engines[system(what)].replay(pageCase(what));
      expect({ ...there.mark }, what.scenario).toEqual(mark);
    }
  });

  it("makes the same list of events as Node", () => {
    const pages = engineOf({ scenarios: SCENARIOS, properties: PROPERTIES, drivers: [] });
    for (const what of all) {
      const watchers: EventWatcher[] = [];
      const here = engine.replay(what, {
        onCreated: (x) => {
          x.observer = watchers[watchers.push(new EventWatcher(x)) - 1] as EventWatcher;
        },
        onReady: () => watchers[0]?.begin(),
      });
      expect(pages.replay(pageCase(what)).events, what.scenario).toEqual(watchers[0]?.finish(here));
    }
  });

  it("shows the machine as it is behind any event: who holds what was entered, what was written", () => {
    const pages = engineOf({ scenarios: SCENARIOS, properties: PROPERTIES, drivers: [] });
    const runs = all.map((what) => ({ what: pageCase(what), events: pages.replay(pageCase(what)).events, stride: 7 }));
    // Most of this one is not watched before the event.
    const long = { ...longRun(300), stride: 401 };
    expect(long.events.events.length).toBeGreaterThan(5000);

    const seen = [...runs, long].map(({ what, events, stride }) => statesSeen(pages, what, events, stride));

    expect(seen.flatMap(({ wrong }) => wrong)).toEqual([]);
    expect(seen.reduce((sum, { entered }) => sum + entered, 0)).toBeGreaterThan(10);
    expect(seen.reduce((sum, { written }) => sum + written, 0)).toBeGreaterThan(15);
    expect(seen.at(-1)?.written).toBeGreaterThan(2);
  });

  it("has the patch of a variant in it", async () => {
    const [first] = readdirSync(join(root, "variants/mutants")).filter((name) => name.endsWith(".diff")).sort();
    const loaded = { ...(await loadEngine(io, null)), variant: `mutants/${first!.replace(".diff", "")}` };
    const { engine: script } = await new PageWorkshop(root, loaded).codeFor("dragonfly");
    const stock = await new PageWorkshop(root, await loadEngine(io, null)).codeFor("dragonfly");

    expect(script).not.toBe(stock.engine);
    expect(typeof bareEngine(script).replay).toBe("function");
  });
});

describe("a page", () => {
  it("is small without data", async () => {
    const workshop = new PageWorkshop(root, await loadEngine(io, null));
    for (const kind of ["dragonfly", "xnu"] as const) {
      const html = pageHtml({ scenario: "s", token: "t", found: null, shrunk: null, failure: null, site: null }, await workshop.codeFor(kind), "");
      expect(Buffer.byteLength(html), kind).toBeLessThanOrEqual(BYTES_MOST);
    }
  });

  it("carries the run, its neighbour that passes, and the C beside the steps", async () => {
    const token = (JSON.parse(readFileSync(join(root, "findings/groups-without-a-lock-groups-agree-both-ways.json"), "utf8")) as Finding).token;

    const { stdout, stderr, exit } = await run(["replay", token, "--format", "html"], { root, load: loadEngine });

    const [, packed = ""] = /id="data">([^<]*)</.exec(stdout) ?? [];
    const data = JSON.parse(gunzipSync(Buffer.from(packed, "base64")).toString("utf8")) as PageData;
    expect([exit, stderr]).toEqual([1, expect.stringMatching(/^fails as recorded/)]);
    expect(data.run.token).toBe(token);
    expect(data.run.mark.failure).toBe("Violation groups-agree-both-ways");
    expect(data.neighbour?.mark.outcome).toBe("passed");
    expect(data.run.notes.places.some(({ seed }) => seed?.document === "001")).toBe(true);
    expect(data.run.notes.stackOf).toHaveLength(data.run.notes.placeOf.length);
    // The slice is that of explain, by event.
    const loaded = await loadEngine(io, null);
    const what = await readToken(token);
    const { events, contexts } = await new Looking(io, loaded).eventsOf(what, null);
    const told = data.run.notes.slice.map((event) => contexts[events[event]!.context]!.name);
    expect(told).toEqual(explanationOf(loaded, what, 50).slice.map(({ actor }) => actor));
    expect(told.length).toBeGreaterThan(2);
    expect(told.length).toBeLessThan(events.length);
    expect(data.neighbour?.notes.slice).toEqual([]);
  });

  it("finds no neighbour of a run that fails whatever is left out", () => {
    const what = all.find(({ scenario }) => scenario !== "") as ReadToken;
    const none = { ...what, choices: { schedule: [], draws: [] } };

    expect(nearestPassing(engine, none, { kind: "Violation", id: "x", message: "", facts: [] })).toBeNull();
  });
});

describe("looking", () => {
  it("knows the lines of the C, by the counting build", async () => {
    const what = all.find((each) => system(each) === "dragonfly") as ReadToken;
    const events = await new Looking(io, await loadEngine(io, null)).eventsOf(what, null);

    expect(events.places.some(({ model, seed }) => model?.file.startsWith("model/net/") === true && seed !== null)).toBe(true);
    expect(events.places.every(({ model, seed }) => model !== null || seed === null)).toBe(true);
  });
});
