/** `exploration-counts.json`: numbers of executions of small programs, by kind of equivalence. */
import { fewestPreemptions, fewestRounds } from "../bounded.ts";
import { Compiled } from "../compile.ts";
import { countTraces, type Counts, type Visit } from "../count.ts";
import { Unsupported, type Source } from "../language.ts";
import { parsePseudo, type Constants } from "../pseudo.ts";
import { isRecord, readProgram, readThreads, shown } from "../reading.ts";
import { begunWithinDelays, exploredBySourceSets, schedulesOf, withinDelays, withinPreemptions } from "../schedules.ts";
import { isTold, readSteps } from "../steps.ts";
import { TraceOrder } from "../trace-order.ts";
import { Comparison, Malformed, entry, list, member, memoryNamed, text, type Entry, type Judged } from "./entry.ts";

/** One row of the file. */
interface Row {
  readonly name: string;
  readonly kind: string;
  readonly model: string;
  readonly expected: unknown;
  readonly asserted: boolean;
  readonly source: () => Source;
  readonly computed: Readonly<Record<string, unknown>>;
  /** Recorded cut explorations; undefined where the row is about traces. */
  readonly cut: unknown;
}

/** The entries of a file. Throws {@link Malformed}. */
export function readCounts(file: unknown): readonly Entry[] {
  return list(member(file, "programs", "the file"), "programs").map((value, i) => {
    const row = readRow(value, `programs[${String(i)}]`);
    return entry(`${row.name} (${row.kind}, ${row.model}${paramsOf(value)})`, () => judge(row));
  });
}

function readRow(value: unknown, where: string): Row {
  const asserted = member(value, "assert", where);
  if (typeof asserted !== "boolean") throw new Malformed(`${where}: assert is neither true nor false`);
  const { program, pseudo, params, computed, sleep_set_blocked: cut } = value as Readonly<Record<string, unknown>>;
  const kind = text(value, "kind", where);
  return {
    name: text(value, "name", where),
    kind,
    model: text(value, "model", where),
    expected: member(value, "expected", where),
    asserted,
    source: () => (program === undefined ? sourceOf(kind, pseudo, params) : readProgram(program)),
    computed: isRecord(computed) ? computed : {},
    cut,
  };
}

/** Where there is no program, its description may be one. */
function sourceOf(kind: string, pseudo: unknown, params: unknown): Source {
  if (typeof pseudo !== "string") throw new Unsupported("an entry without a program");
  if (kind === PLAIN && isTold(pseudo)) return readSteps(pseudo);
  const constants = Object.entries(isRecord(params) ? params : {}).filter(([, value]) => typeof value === "number");
  return readThreads({}, parsePseudo(pseudo, Object.fromEntries(constants) as Constants));
}

/** Parameters tell entries of one name apart. */
function paramsOf(value: unknown): string {
  const { params } = value as Readonly<Record<string, unknown>>;
  if (!isRecord(params)) return "";
  return Object.entries(params).map(([name, one]) => `, ${name}=${typeof one === "string" ? one : JSON.stringify(one)}`).join("");
}

/** What is counted of a program; figures that were enumerated for the row are compared on the way. */
type Count = (source: Source, row: Row, comparison: Comparison) => unknown;

const PLAIN = "plain-dfs";

/** Under each model: what is counted, by kind. Whoever adds a model or a kind adds it here. */
const KINDS: Readonly<Record<string, Readonly<Record<string, Count>>>> = {
  SC: {
    "mazurkiewicz": (...of) => traces(...of).complete,
    "mazurkiewicz+blocked": (...of) => {
      const { complete, blocked } = traces(...of);
      return complete + blocked;
    },
    "reads-from+blocked": (...of) => traces(...of).readsFrom,
    "preemption-bounded": (source, row, comparison) =>
      waits(source) ? withinPreemptions(source, boundsOf(row)) : cumulative(source, row, comparison, fewestPreemptions),
    "round-robin-bounded": (...of) => cumulative(...of, fewestRounds),
    "delay-bounded": delayBounded,
    [PLAIN]: (source) => schedulesOf(source),
  },
  TSO: { "shasha-snir": (...of) => traces(...of).complete },
  PSO: { "shasha-snir": (...of) => traces(...of).complete },
};

function judge(row: Row): Judged {
  const { asserted, kind, model, expected } = row;
  const kinds = Object.hasOwn(KINDS, model) ? KINDS[model] : undefined;
  if (!asserted) return beside(row);
  if (kinds === undefined) throw new Unsupported(`model ${shown(model)}`);
  const count = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (count === undefined) throw new Unsupported(`kind ${shown(kind)} under ${model}`);
  const comparison = new Comparison();
  comparison.figure(kind, expected, count(row.source(), row, comparison));
  return comparison.judged;
}

/** What others counted with another equivalence, beside ours. */
function beside(row: Row): Judged {
  const recorded = `recorded ${shown(row.expected)}`;
  if (row.model !== "SC") return { verdict: "beside", lines: [recorded] };
  const counts = countTraces(new Compiled(row.source(), { failing: false }), { equalWrites: true });
  if ("why" in counts) return { verdict: "beside", lines: [`${recorded}; ${counts.why}`] };
  const { complete, blocked, readsFrom, equalWritesCommute } = counts;
  const waiting = blocked === 0 ? "" : ` and ${String(blocked)} blocked`;
  const source = row.kind.startsWith("source-DPOR") ? `, ${bySourceSets(row.source())}` : "";
  return {
    verdict: "beside",
    lines: [`${recorded}; Mazurkiewicz traces: ${String(complete)}${waiting}, equal writes commute: ${String(equalWritesCommute)}, reads-from: ${String(readsFrom)}${source}`],
  };
}

function bySourceSets(source: Source): string {
  const { executions, cut } = exploredBySourceSets(source);
  return `source-DPOR: ${String(executions)}, of which a sleep set cut ${String(cut)}`;
}

function traces(source: Source, row: Row, comparison: Comparison, onTrace?: Visit): Counts {
  const program = new Compiled(source, { failing: false, memory: memoryNamed(row.model) });
  const counts = countTraces(program, onTrace === undefined ? {} : { onTrace });
  if ("why" in counts) throw new Unsupported(counts.why);
  const { computed } = row;
  const all = counts.complete + counts.blocked;
  if (row.model === "SC") checkReduction(source, counts, comparison);
  comparison.figure("mazurkiewicz_total (enumerated)", computed["mazurkiewicz_total"], all);
  comparison.figure("graphs_total (enumerated)", computed["graphs_total"], all);
  comparison.figure("blocked_mazurkiewicz (enumerated)", computed["blocked_mazurkiewicz"], counts.blocked);
  comparison.figure("rf_classes_complete (enumerated)", computed["rf_classes_complete"], counts.readsFromComplete);
  comparison.figure("rf_total (enumerated)", computed["rf_total"], counts.readsFrom);
  return counts;
}

/** Ops with which a search cannot know beforehand whether a step will be possible. */
const UNFORESEEN: ReadonlySet<string> = new Set(["await", "awaitx", "assume", "while", "repeat"]);

/** Optimal reduction makes one execution of each trace, and cuts none of a program without waits and loops. */
function checkReduction(source: Source, { complete, blocked, executions, cut }: Counts, comparison: Comparison): void {
  comparison.figure("executions that were explored to the end", complete + blocked, executions - cut);
  if (!uses(source, UNFORESEEN)) comparison.figure("executions that a sleep set cut", 0, cut);
  else if (cut > 0) comparison.notes.push(`a sleep set cut ${String(cut)} of ${String(executions)} executions`);
}

const uses = ({ threads }: Source, ops: ReadonlySet<string>): boolean =>
  JSON.stringify(threads).split('"').some((word) => ops.has(word));

const BOUNDS_MAX = 100;

/** How many bounds a row has figures for. */
function boundsOf({ expected }: Row): number {
  if (!Array.isArray(expected) || expected.length === 0 || expected.length > BOUNDS_MAX)
    throw new Unsupported(`figures by bound: ${shown(expected)}`);
  return expected.length;
}

/** Complete traces that can do with 0, 1, 2 … of something. */
function cumulative(source: Source, row: Row, comparison: Comparison, fewest: typeof fewestRounds): readonly number[] {
  const threads = source.threads.length + (source.final.length > 0 ? 1 : 0);
  const byCost = Array.from({ length: boundsOf(row) }, () => 0);
  traces(source, row, comparison, (x, blocked) => {
    if (blocked) return;
    const cost = fewest(new TraceOrder(x, threads).threads);
    if (cost < byCost.length) byCost[cost] = (byCost[cost] as number) + 1;
  });
  let sum = 0;
  return byCost.map((count) => (sum += count));
}

/** Ops that wait for more than a mutex: only running tells whether a thread could have gone on. */
const WAITING: ReadonlySet<string> = new Set(["await", "awaitx", "join", "spawn", "creacq"]);

const waits = (source: Source): boolean => source.final.length > 0 || uses(source, WAITING);

function delayBounded(source: Source, row: Row, comparison: Comparison): readonly number[] {
  if (row.cut === undefined) return withinDelays(source, boundsOf(row));
  const { begun, cut } = begunWithinDelays(source, boundsOf(row));
  comparison.figure("explorations that were cut", row.cut, cut);
  return begun;
}
