/** `litmus.json`: classical litmus tests with verdicts, and x86 ones with figures. */
import { Compiled } from "../compile.ts";
import { countTraces, type Counts } from "../count.ts";
import { Unsupported, type Source } from "../language.ts";
import { isRecord, readThreads, shown } from "../reading.ts";
import { readCondition, type FinalCondition } from "./condition.ts";
import { Comparison, MODELS, Malformed, entry, list, member, text, type Entry, type Judged, type ModelName } from "./entry.ts";

type Json = Readonly<Record<string, unknown>>;

/** A test that has been read. */
interface Test {
  readonly source: Source;
  readonly condition: FinalCondition;
}

/** What a test shows under a model. */
interface Shown {
  readonly counts: Counts;
  /** Some complete execution ends as the condition says; all do. */
  readonly reachable: boolean;
  readonly always: boolean;
  /** Different values of all registers and of the words that the condition names. */
  readonly states: number;
}

/** The entries of a file. Throws {@link Malformed}. */
export function readLitmus(file: unknown): readonly Entry[] {
  const entries = (part: string, judge: (test: Json) => Judged): readonly Entry[] =>
    list(member(file, part, "the file"), part).map((value, i) => {
      const where = `${part}[${String(i)}]`;
      const name = text(value, "name", where);
      member(value, "threads", where);
      member(value, "condition", where);
      return entry(`${part} ${name}`, () => judge(value as Json));
    });
  if (!isRecord(file)) throw new Malformed("the file is no object");
  if (file["core"] === undefined && file["x86"] === undefined) throw new Malformed("the file has neither core nor x86 tests");
  return [
    ...(file["core"] === undefined ? [] : entries("core", judgeCore)),
    ...(file["x86"] === undefined ? [] : entries("x86", judgeX86)),
  ];
}

function readTest({ threads, init = {}, condition }: Json): Test {
  if (!Array.isArray(threads)) throw new Unsupported(`threads ${shown(threads)}`);
  return { source: readThreads(init, threads), condition: readCondition(condition, threads.length) };
}

/** Models that tests are run under. Whoever adds one adds how a test is compiled for it. */
const RUNNING: Readonly<Partial<Record<ModelName, (source: Source) => Compiled>>> = {
  SC: (source) => new Compiled(source),
  TSO: (source) => new Compiled(source, { memory: "tso" }),
  PSO: (source) => new Compiled(source, { memory: "pso" }),
};

function run({ source, condition }: Test, compile: (source: Source) => Compiled): Shown {
  const program = compile(source);
  const states = new Set<string>();
  let reachable = false;
  let always = true;
  const counts = countTraces(program, {
    onTrace: (_x, blocked) => {
      if (blocked) return;
      const holds = condition.holds(program);
      reachable ||= holds;
      always &&= holds;
      states.add(stateOf(program, condition));
    },
  });
  if ("why" in counts) throw new Unsupported(counts.why);
  return { counts, reachable, always, states: states.size };
}

function stateOf(program: Compiled, { words }: FinalCondition): string {
  const registers = program.source.threads.map((_, thread) =>
    program.registersOf(thread).map((name) => program.register(thread, name)).join(","));
  return `${registers.join(";")}|${words.map((name) => program.word(name)).join(",")}`;
}

function judgeCore(json: Json): Judged {
  const test = readTest(json);
  const comparison = new Comparison();
  const verdicts = (name: string): Json => (isRecord(json[name]) ? json[name] : {});
  forEachModel((model, compile) => {
    const verdict = run(test, compile).reachable ? "Allowed" : "Forbidden";
    comparison.figure(`${model} verdict`, verdicts("verdict_external")[model], verdict);
    comparison.figure(`${model} verdict (enumerated)`, verdicts("verdict_computed")[model], verdict);
  });
  return comparison.judged;
}

function judgeX86(json: Json): Judged {
  const test = readTest(json);
  const { quantifier, expected } = json;
  const comparison = new Comparison();
  forEachModel((model, compile) => {
    const figures = isRecord(expected) && isRecord(expected[model]) ? expected[model] : null;
    if (figures === null) return;
    const found = run(test, compile);
    comparison.figure(`${model} holds`, figures["holds"], holds(quantifier, found));
    comparison.figure(`${model} condition_reachable`, figures["condition_reachable"], found.reachable);
    comparison.figure(`${model} distinct_observable_final_states`, figures["distinct_observable_final_states"], found.states);
    comparison.figure(`${model} execution_graphs_po_rf_co`, figures["execution_graphs_po_rf_co"], found.counts.complete);
    comparison.figure(`${model} rf_classes`, figures["rf_classes"], found.counts.readsFromComplete);
  });
  return comparison.judged;
}

function forEachModel(visit: (model: ModelName, compile: (source: Source) => Compiled) => void): void {
  for (const model of MODELS) {
    const compile = RUNNING[model];
    if (compile !== undefined) visit(model, compile);
  }
}

function holds(quantifier: unknown, { reachable, always }: Shown): boolean {
  if (quantifier === "exists") return reachable;
  if (quantifier === "~exists") return !reachable;
  if (quantifier === "forall") return always;
  throw new Unsupported(`quantifier ${shown(quantifier)}`);
}
