/** `reads-from-shapes.json`: tiny programs with their numbers of traces and of reads-from maps. */
import { Compiled } from "../compile.ts";
import { countTraces } from "../count.ts";
import { Unsupported, type Block, type Source, type Statement } from "../language.ts";
import { isRecord, readThreads, shown } from "../reading.ts";
import { Comparison, MODELS, Malformed, entry, list, member, memoryNamed, text, type Entry, type Judged, type ModelName } from "./entry.ts";

/** The entries of a file, counted under these models. Throws {@link Malformed}. */
export function readShapes(file: unknown, models: readonly ModelName[] = MODELS): readonly Entry[] {
  return list(member(file, "shapes", "the file"), "shapes").map((value, i) => {
    const where = `shapes[${String(i)}]`;
    const shape = text(value, "shape", where);
    const { names, computed, final_reads: reads = [], expected_rf_classes_SC: recorded } = value as Readonly<Record<string, unknown>>;
    const figures = isRecord(computed) ? computed : {};
    const finals = list(reads, `${where}: final_reads`);
    if (finals.some((name) => typeof name !== "string")) throw new Malformed(`${where}: final_reads holds something else than names`);
    const name = Array.isArray(names) && typeof names[0] === "string" ? names[0] : where;
    return entry(name, () => judge(sourceOf(shape, finals as readonly string[]), recorded, figures, models));
  });
}

const OP = /^(?:W\s+([A-Za-z_]\w*)\s+(-?[0-9]{1,9}|[A-Za-z_]\w*)|R\s+([A-Za-z_]\w*))$/;

/** The program of a shape: threads separated by `|`, operations by `;`. Throws {@link Unsupported}. */
function sourceOf(shape: string, finals: readonly string[]): Source {
  const threads = shape.split("|").map(threadOf);
  const final = finals.map((name, i) => ["ld", `r${String(i)}`, name] as const);
  return readThreads({}, threads, final);
}

function threadOf(ops: string): Block {
  const block: Statement[] = [];
  let lastRead = 0;
  for (const op of ops.split(";").map((one) => one.trim())) {
    if (op === "") continue;
    const [whole, written, value = "", read] = OP.exec(op) ?? [];
    if (whole === undefined) throw new Unsupported(`op ${shown(op)}`);
    if (read !== undefined) block.push(["ld", `r${String(++lastRead)}`, read]);
    else if (written !== undefined) block.push(["st", written, /^-?[0-9]/.test(value) ? Number(value) : `r${String(lastRead)}`]);
  }
  return block;
}

function judge(source: Source, recorded: unknown, computed: Readonly<Record<string, unknown>>, models: readonly ModelName[]): Judged {
  const comparison = new Comparison();
  for (const model of models) {
    const figures = computed[model];
    if (!isRecord(figures) && (model !== "SC" || recorded === undefined)) continue;
    const of = isRecord(figures) ? figures : {};
    const counts = countTraces(new Compiled(source, { memory: memoryNamed(model) }));
    if ("why" in counts) throw new Unsupported(counts.why);
    if (model === "SC") comparison.figure("SC reads-from maps", recorded, counts.readsFrom);
    comparison.figure(`${model} reads-from maps (enumerated)`, of["rf"], counts.readsFrom);
    comparison.figure(`${model} Mazurkiewicz traces (enumerated)`, of["mazurkiewicz"], counts.complete);
    comparison.figure(`${model} traces of Shasha and Snir (enumerated)`, of["shasha_snir"], counts.complete);
  }
  return comparison.judged;
}
