import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { failedEnding, hostileEnding, reportOf } from "../test-ending.ts";
import { eventsOf, hostileRun, runOf } from "../test-events.ts";
import { chromeTrace } from "./chrome-trace.ts";
import { ctrfOfRun, ctrfReporter } from "./ctrf.ts";
import { mermaid } from "./mermaid.ts";
import { mermaidReporter, traceReporter } from "./run-reporters.ts";
import { sarif, sarifReporter } from "./sarif.ts";
import { fileName } from "./shown-run.ts";
import type { Ending, Look, Reporter } from "../reporter.ts";

/** The schemas as their authors publish them. */
function validator(file: string): (text: string) => readonly string[] {
  const schema = JSON.parse(gunzipSync(readFileSync(join(import.meta.dirname, "../golden", file))).toString("utf8")) as object;
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  for (const [name, form] of [["uri", /^[a-z]+:\S+$/], ["uri-reference", /^\S*$/], ["date-time", /^\d{4}-\d\d-\d\dT/], ["uuid", /^[0-9a-f-]{36}$/], ["email", /@/]] as const) ajv.addFormat(name, form);
  const validate = ajv.compile(schema);
  return (text) => {
    validate(JSON.parse(text));
    return (validate.errors ?? []).map(({ instancePath, message = "" }) => `${instancePath} ${message}`);
  };
}

const sarifErrors = validator("sarif-2.1.0.schema.json.gz");
const ctrfErrors = validator("ctrf-0.0.schema.json.gz");
const look: Look = { events: () => Promise.resolve(eventsOf()) };

/** The files that a reporter writes in a check. */
async function filesOf(reporter: Reporter, ending: Ending): Promise<Readonly<Record<string, string>>> {
  await reporter.begin?.({ version: "1.2.3", seed: 7, plan: [], variant: null, property: null });
  const outputs = [];
  for (const report of ending.failures) outputs.push(await reporter.failure?.(report, look));
  outputs.push(await reporter.end?.(ending));
  return Object.assign({}, ...outputs.map((output) => output?.files ?? {})) as Readonly<Record<string, string>>;
}

interface Slice {
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly name: string;
  readonly id?: string | number;
  readonly args?: Readonly<Record<string, unknown>>;
}

const traceOf = (text: string): readonly Slice[] => (JSON.parse(text) as { traceEvents: readonly Slice[] }).traceEvents;

/** What a reader of the format rejects: slices of one track that overlap without being nested. */
function trackFaults(slices: readonly Slice[]): readonly string[] {
  const faults: string[] = [];
  for (const track of new Set(slices.map(({ pid, tid }) => `${String(pid)}/${String(tid)}`))) {
    const open: string[] = [];
    let now = 0;
    let busyUntil = 0;
    for (const { ph, ts, dur = 0, name } of slices.filter(({ pid, tid, ph }) => `${String(pid)}/${String(tid)}` === track && "BEX".includes(ph))) {
      if (ts < now && ph !== "X") faults.push(`${track}: ${name} goes back in time`);
      if (ph === "X" && ts < busyUntil) faults.push(`${track}: ${name} overlaps`);
      if (ph === "B") open.push(name);
      else if (ph === "E" && open.pop() !== name) faults.push(`${track}: ${name} is not what is open`);
      else if (ph === "X") busyUntil = ts + dur;
      now = Math.max(now, ts);
    }
    if (open.length > 0) faults.push(`${track}: ${open.join()} is never closed`);
  }
  return faults;
}

describe("Chrome trace", () => {
  it("nests on every track, and shows every event under its id", () => {
    const slices = traceOf(chromeTrace(runOf()));

    expect(trackFaults(slices)).toEqual([]);
    expect(slices.filter(({ ph, args }) => ph === "X" && args?.["event"] !== undefined).map(({ id }) => id).sort()).toEqual(["e0", "e1", "e2", "e3", "e4"]);
    expect(slices.filter(({ ph }) => ph === "s" || ph === "f").map(({ ph, ts }) => [ph, ts])).toEqual([["s", 1], ["f", 2]]);
    expect(slices.filter(({ ph }) => ph === "i").map(({ args }) => args?.["event"])).toEqual(["e1", "e4"]);
  });

  it("holds any text", () => {
    fc.assert(fc.property(hostileRun, (run) => {
      expect(trackFaults(traceOf(chromeTrace(run)))).toEqual([]);
    }), { numRuns: 100 });
  });
});

describe("Mermaid", () => {
  it("has a participant for each context that acts, and arrows that say why", () => {
    expect(mermaid(runOf()).split("\n")).toEqual([
      "sequenceDiagram",
      "  accTitle: no-lost-start in two-senders",
      "  participant c0 as cpu 0: send 0",
      "  participant c1 as cpu 0: cpu0 ipi",
      "  participant c2 as card",
      "  Note over c0: e0 enter lock<br/>e1 store word#59; send 0 f 0 -#62; store word",
      "  c0 -x c1: preempted at begin cpu 0",
      "  Note over c1: e2 begin cpu 0",
      "  c1 -->> c0: goes on",
      "  Note over c0: e3 exit lock",
      "  c0 -->> c2: goes on",
      "  Note over c2: e4 device card",
      "  Note over c2: Violation no-lost-start at e4",
      "",
    ]);
  });

  it("is syntax where it says so and nowhere else", () => {
    const line = /^(?:sequenceDiagram| {2}(?:accTitle: .*|participant c\d+ as .*|Note over c\d+: .*|c\d+ (?:-x|-->>) c\d+: .*))$/;
    fc.assert(fc.property(hostileRun, (run) => {
      const lines = mermaid(run).trimEnd().split("\n");
      expect(lines.filter((text) => !line.test(text))).toEqual([]);
      expect(lines.join("\n").replaceAll(/#\d+;|<br\/>|-->>/g, "")).not.toMatch(/[#;%<>`]/);
    }), { numRuns: 100 });
  });

  it("keeps the end of a long run", () => {
    const text = mermaid(runOf(eventsOf(Array.from({ length: 1000 }, (_, i) => `store word ${String(i)}`))));

    expect(text).toContain("600 events before e600 are not shown");
    expect(text).toContain("e999 store word 999");
  });
});

describe("SARIF", () => {
  it("has a thread flow for each context, in the order of the events, and says where", () => {
    const text = sarif([runOf()], "1.2.3");
    const [result] = (JSON.parse(text) as { runs: [{ results: [{ codeFlows: [{ threadFlows: readonly { locations: readonly Flow[] }[] }]; relatedLocations: readonly object[] }] }] }).runs[0].results;
    const flows = result.codeFlows[0].threadFlows;

    expect(sarifErrors(text)).toEqual([]);
    expect(flows.map(({ locations }) => locations.map(({ properties, executionOrder }) => [properties.event, executionOrder])))
      .toEqual([[["e0", 1], ["e1", 2], ["e3", 4]], [["e2", 3]], [["e4", 5]]]);
    expect(flows[1]?.locations[0]?.location.physicalLocation).toEqual({ artifactLocation: { uri: "model/net/if.ts", uriBaseId: "INTERLOCK" }, region: { startLine: 5 } });
    expect(result.relatedLocations).toEqual([expect.objectContaining({ id: 1, physicalLocation: { artifactLocation: { uri: "001", uriBaseId: "SEEDS" }, region: { startLine: 303, endLine: 307 } } })]);
  });

  it("satisfies the schema whatever the names", () => {
    fc.assert(fc.property(hostileRun, (run) => {
      expect(sarifErrors(sarif([run, { ...run, failure: null }], ""))).toEqual([]);
    }), { numRuns: 50 });
  });

  it("has the class of a failure as a partial fingerprint", async () => {
    const text = (await filesOf(sarifReporter(), failedEnding()))["interlock.sarif"] ?? "null";

    expect(sarifErrors(text)).toEqual([]);
    expect((JSON.parse(text) as { runs: [{ results: [{ partialFingerprints: object }] }] }).runs[0].results[0].partialFingerprints)
      .toEqual({ "interlock/v1": "c07306262df53c34", "interlock/class/v1": "00112233445566aa" });
  });

  it("the schema notices", () => {
    expect(sarifErrors(sarif([runOf()], "").replace("executionOrder", "order"))).not.toEqual([]);
  });
});

interface Flow {
  readonly executionOrder: number;
  readonly properties: { readonly event: string };
  readonly location: { readonly physicalLocation?: unknown };
}

describe("CTRF", () => {
  it("satisfies the schema, for a check and for a run", async () => {
    const files = await filesOf(ctrfReporter(), failedEnding());

    expect(ctrfErrors(files["ctrf-report.json"] ?? "null")).toEqual([]);
    expect(files["ctrf-report.json"]).toContain(`"evidence": [\n        "e1",\n        "e4"`);
    expect(ctrfErrors(ctrfOfRun(runOf(), "1.2.3"))).toEqual([]);
    expect(ctrfErrors(ctrfOfRun({ ...runOf(), failure: null }, ""))).toEqual([]);
    expect(ctrfErrors(ctrfOfRun(runOf(), "").replace("tests", "test"))).not.toEqual([]);
  });

  it("satisfies the schema whatever the names", async () => {
    await fc.assert(fc.asyncProperty(hostileEnding, async (ending) => {
      expect(ctrfErrors((await filesOf(ctrfReporter(), ending))["ctrf-report.json"] ?? "null")).toEqual([]);
    }), { numRuns: 30 });
  });
});

describe("files", () => {
  it("are one for all or one for each failure", async () => {
    const ending = failedEnding();
    const names = await Promise.all([sarifReporter(), traceReporter, mermaidReporter].map(async (each) => Object.keys(await filesOf(each, ending))));

    expect(names.flat()).toEqual([
      "interlock.sarif",
      "run-two-senders.no-lost-start.c07306262df53c34.trace.json",
      "run-two-senders.no-lost-start.c07306262df53c34.mmd",
    ]);
  });

  it("never have a path for a name", () => {
    fc.assert(fc.property(hostileRun, (run) => {
      expect(fileName(run, ".mmd")).toMatch(/^run-[\w.-]*\.mmd$/);
    }));
    expect(fileName({ ...reportOf("../../etc"), fingerprint: ".." }, ".mmd")).toBe("run-etc.no-lost-start.mmd");
  });
});
