/** `exploration-counts.json`: numbers of executions of small programs, by kind of equivalence. */
import { Compiled } from "../compile.ts";
import { countTraces, type Counts } from "../count.ts";
import { Unsupported, type Source } from "../language.ts";
import { isRecord, readProgram, shown } from "../reading.ts";
import { Comparison, Malformed, entry, list, member, text, type Entry, type Judged } from "./entry.ts";

/** One row of the file. */
interface Row {
  readonly name: string;
  readonly kind: string;
  readonly model: string;
  readonly expected: unknown;
  readonly asserted: boolean;
  readonly source: () => Source;
  readonly computed: Readonly<Record<string, unknown>>;
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
  const { program, computed } = value as Readonly<Record<string, unknown>>;
  return {
    name: text(value, "name", where),
    kind: text(value, "kind", where),
    model: text(value, "model", where),
    expected: member(value, "expected", where),
    asserted,
    source: () => {
      if (program === undefined) throw new Unsupported("an entry without a program");
      return readProgram(program);
    },
    computed: isRecord(computed) ? computed : {},
  };
}

/** Parameters tell entries of one name apart. */
function paramsOf(value: unknown): string {
  const { params } = value as Readonly<Record<string, unknown>>;
  if (!isRecord(params)) return "";
  return Object.entries(params).map(([name, one]) => `, ${name}=${typeof one === "string" ? one : JSON.stringify(one)}`).join("");
}

/** What is counted of a program; figures that were enumerated for the row are compared on the way. */
type Count = (source: Source, row: Row, comparison: Comparison) => unknown;

/** Under each model: what is counted, by kind. Whoever adds a model or a kind adds it here. */
const KINDS: Readonly<Record<string, Readonly<Record<string, Count>>>> = {
  SC: {
    "mazurkiewicz": (...of) => traces(...of).complete,
    "mazurkiewicz+blocked": (...of) => {
      const { complete, blocked } = traces(...of);
      return complete + blocked;
    },
    "reads-from+blocked": (...of) => traces(...of).readsFrom,
  },
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

/** What others counted with another equivalence, beside Mazurkiewicz traces. */
function beside(row: Row): Judged {
  const recorded = `recorded ${shown(row.expected)}`;
  if (row.model !== "SC") return { verdict: "beside", lines: [recorded] };
  const { complete, blocked } = traces(row.source(), row, new Comparison());
  const waiting = blocked === 0 ? "" : `, and ${String(blocked)} blocked`;
  return { verdict: "beside", lines: [`${recorded}; Mazurkiewicz traces: ${String(complete)}${waiting}`] };
}

function traces(source: Source, { computed }: Row, comparison: Comparison): Counts {
  const program = new Compiled(source, { failing: false });
  const counts = countTraces(program);
  if ("why" in counts) throw new Unsupported(counts.why);
  const all = counts.complete + counts.blocked;
  comparison.figure("mazurkiewicz_total (enumerated)", computed["mazurkiewicz_total"], all);
  comparison.figure("graphs_total (enumerated)", computed["graphs_total"], all);
  comparison.figure("blocked_mazurkiewicz (enumerated)", computed["blocked_mazurkiewicz"], counts.blocked);
  comparison.figure("rf_classes_complete (enumerated)", computed["rf_classes_complete"], counts.readsFromComplete);
  comparison.figure("rf_total (enumerated)", computed["rf_total"], counts.readsFrom);
  return counts;
}
