/** Edits that people make in a model all day, and what becomes of regressions behind them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { findRoot, listSources } from "../scripts/stamp.mjs";
import type { Config } from "../scenarios/index.ts";
import { bundled } from "./bundles.ts";
import { engine as original } from "./engine.ts";
import type { EngineSet } from "./engine-set.ts";
import { failureWith } from "./examine.ts";
import { ORDERINGS_BUDGET, whyOf } from "./explain/class.ts";
import { loadFindings, type Finding } from "./findings.ts";
import { meaningOf } from "./meaning.ts";
import type { RegressionFile } from "./regressions.ts";
import { readToken, type ReadToken } from "./tokens.ts";
import { judge, type Judged } from "./verdict-of.ts";

const ROOT = findRoot();
/** Every known failure. */
export const FINDINGS = loadFindings(join(ROOT, "findings"));
const KNOWN: ReadonlySet<string> = new Set(FINDINGS.map(({ fingerprint }) => fingerprint));

/** Texts that are replaced in one file, or wherever they are. */
type Change = readonly [file: string | null, from: string | RegExp, to: string];

/** An edit that mends nothing and breaks nothing. */
export interface Edit {
  readonly name: string;
  /** Of a hundred known failures so many may be stale behind it, or fail differently. */
  readonly lost: number;
  readonly changes: readonly Change[];
  /** What is done to the configuration record of each entry. */
  readonly config?: (config: Config) => Config;
}

const word = (name: string): RegExp => new RegExp(`\\b${name}\\b(?!\\.ts)`, "g");

/** A point that touches nothing, behind a line. */
const pointAfter = (file: string, line: string, x = "k.x"): Change => [file, line, `${line}\n  yield* ${x}.pause(27);`];

const SINGLE: readonly Edit[] = [
  { name: "a comment", lost: 0, changes: [["model/net/netisr.ts", "Network threads: one netisr", "The network threads: one netisr"]] },
  { name: "routines are renamed", lost: 5, changes: [
    [null, word("ifioctl"), "if_ioctl_all"],
    [null, word("ifq_dispatch"), "ifq_send"],
    [null, word("dlil_output"), "dlil_send"],
    [null, word("tunread"), "tun_read"],
  ] },
  { name: "threads are renamed", lost: 5, changes: [
    ["model/net/netisr.ts", "`netisr_cpu ${i}`", "`netisr ${i}`"],
    ["model/net/if_init.ts", "`ifnet ${i}`", "`ifnet_cpu ${i}`"],
  ] },
  { name: "a lock is renamed", lost: 5, changes: [["model/net/altq/if_altq.ts", "`${label} ifsq_lock`", "`${label} sq_lock`"]] },
  { name: "points are added", lost: 5, changes: [
    pointAfter("model/net/ioctl/ifioctl.ts", "  //@ 1762"),
    pointAfter("model/net/if_dispatch.ts", "  //@ 3014-3028"),
    pointAfter("model/net/if_attach.ts", "  setupSerializer(k, ifp, serializer);"),
    pointAfter("model/xnu/net/dlil_output.ts", "  route: LoRoute,\n): Routine<number> {", "xnu.x"),
    pointAfter("model/net/tun/if_tun_dev.ts", "  //@ 496-504"),
    pointAfter("model/net/tun/if_tun_if.ts", "  //@ 375-379"),
  ] },
  { name: "a word is loaded once more", lost: 5, changes: [
    ["model/net/ioctl/ifioctl.ts", "  //@ 1770-1772", "  yield* k.net.ifnet_array.load();"],
    ["model/net/if_dispatch.ts", "  //@ 3014-3028", "  yield* ifp.if_lastchange.load();"],
  ] },
  { name: "lines change places", lost: 5, changes: [
    ["model/net/if_detach.ts", "  rt_ifannouncemsg(k, ifp, IFAN_DEPARTURE);\n  devctl_notify(k, ifp, \"DETACH\");", "  devctl_notify(k, ifp, \"DETACH\");\n  rt_ifannouncemsg(k, ifp, IFAN_DEPARTURE);"],
    ["model/net/if_detach.ts", "    yield* kfree(k, ifsq.ifsq_ifstart_nmsg.fixed, M_LWKTMSG);\n    yield* kfree(k, ifsq.ifsq_stage.fixed, M_DEVBUF);", "    yield* kfree(k, ifsq.ifsq_stage.fixed, M_DEVBUF);\n    yield* kfree(k, ifsq.ifsq_ifstart_nmsg.fixed, M_LWKTMSG);"],
  ] },
  { name: "a field is added", lost: 5, changes: [
    ["model/net/if_var.ts", "  readonly if_lastchange: Word<number>;", "  readonly if_lastchange: Word<number>;\n  readonly if_cookie: Word<number>;"],
    ["model/net/if_var.ts", "    this.if_lastchange = word(this, 0);", "    this.if_lastchange = word(this, 0);\n    this.if_cookie = word(this, 0);"],
    ["model/net/if_attach.ts", "  yield* ifp.if_lastchange.store(getmicrotime(k));", "  yield* ifp.if_lastchange.store(getmicrotime(k));\n  yield* ifp.if_cookie.store(1);"],
  ] },
  { name: "senders send their last packet twice", lost: 5, changes: [
    ["scenarios/actors-packets.ts", "for (const packet of actor.packets) {", "for (const packet of [...actor.packets, ...actor.packets.slice(-1)]) {"],
    ["scenarios/loopback/run.ts", "function* loopbackThread(run: LoopbackRun, ops: readonly LoopbackOp[], name: string): Routine<void> {", "function* loopbackThread(run: LoopbackRun, all: readonly LoopbackOp[], name: string): Routine<void> {\n  const ops = [...all, ...all.filter((op) => op.do === \"send\").slice(-1)];"],
  ] },
  { name: "there is one thread more", lost: 20, changes: [], config: (config) => ({ ...config, workload: [...config.workload, ...config.workload.slice(-1)] }) },
];

/** Each by itself, and all but the last two, which change the failures themselves, at once. */
export const EDITS: readonly Edit[] = [
  ...SINGLE,
  { name: "all of the model's at once", lost: 20, changes: SINGLE.slice(0, -2).flatMap(({ changes }) => changes) },
  { name: "all at once", lost: 30, changes: SINGLE.flatMap(({ changes }) => changes), config: SINGLE.at(-1)?.config ?? ((config) => config) },
];

/** The texts of an edit, by path from the root. Throws where it changes nothing. */
function patchesOf({ name, changes }: Edit): ReadonlyMap<string, string> {
  const patched = new Map<string, string>();
  for (const [file, from, to] of changes) {
    const files = file === null ? listSources(ROOT).filter((path) => /^(?:cli|model|properties|protocol|scenarios)\/.*\.ts$/.test(path)) : [file];
    let hits = 0;
    for (const path of files) {
      const before = patched.get(path) ?? readFileSync(join(ROOT, path), "utf8");
      const after = before.replaceAll(from, to);
      if (after === before) continue;
      hits++;
      patched.set(path, after);
    }
    if (hits === 0) throw new Error(`the edit "${name}" finds nothing to change: ${String(from)}`);
  }
  return patched;
}

/** The model with an edit. */
export async function edited(edit: Edit): Promise<EngineSet> {
  const stub = `export { engine } from ${JSON.stringify(join(ROOT, "cli", "engine.ts"))};`;
  const { module } = await bundled({ root: ROOT, stub, patched: patchesOf(edit) });
  return ((await import(pathToFileURL(module).href)) as { engine: EngineSet }).engine;
}

/** A known failure as a regression. */
export interface Entry {
  readonly finding: Finding;
  readonly file: RegressionFile;
  readonly token: ReadToken;
}

/** The known failures as if a check had kept them. */
export async function entriesOf(findings: readonly Finding[] = FINDINGS): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (const finding of findings) {
    const token = await readToken(finding.token);
    const same = failureWith(original, token, finding.fingerprint);
    if (same === null) throw new Error(`${finding.name} does not reproduce`);
    const { kind, id, message } = same.failure;
    const { causes } = whyOf(original, token, same.failure, finding.fingerprint, ORDERINGS_BUDGET);
    const size = { steps: 0, switches: 0, choices: 0, cpus: 0, actors: 0, packets: 0 };
    const file: RegressionFile = {
      format: 2, name: finding.name, property: id, kind, message, scenario: token.scenario, fingerprint: finding.fingerprint, token: finding.token,
      found: { version: "0", code: "older", variant: null, strategy: "random", seed: 1, run: null },
      size: { found: size, shrunk: size }, shrunk: [], meaning: meaningOf(original, token, same.failure, causes),
    };
    entries.push({ finding, file, token });
  }
  return entries;
}

/** What becomes of an entry on an edited model. */
export const judgedOn = (engine: EngineSet, { file, token }: Entry, config: NonNullable<Edit["config"]> = (same) => same): Judged =>
  judge({ engine, variant: null, code: "edited", module: null }, file, { ...token, config: config(token.config) }, KNOWN);

/** How often which verdict. */
export function countsOf(judged: readonly Judged[]): Readonly<Record<Judged["status"], number>> {
  const count = (wanted: Judged["status"]): number => judged.filter(({ status }) => status === wanted).length;
  return { reproduced: count("reproduced"), fixed: count("fixed"), stale: count("stale"), changed: count("changed") };
}
