/** Conformance with recorded results of `if_ring_count2`: rows `[ncpus2, cnt, cnt_max, result]`. */
import { DEFAULT_PARAMS, Kernel, if_ring_count2 } from "../../model/index.ts";
import { Execution, RandomWalk, Recording } from "../../sim/index.ts";
import { attempt, type Conformance, type Divergence } from "./conformance.ts";
import { Unreadable, array, integer, json, reading, shown, type UnreadableFile } from "./reader.ts";

/** What a row is computed with; the model, unless a test brings something else. */
export type RingCount = (ncpus2: number, cnt: number, cntMax: number) => number;

interface Row {
  readonly ncpus2: number;
  readonly cnt: number;
  readonly cntMax: number;
  /** Null: the kernel panics. */
  readonly result: number | null;
}

const NCPUS_MAX = 1 << 20;
const INT_MAX = 0x7fff_ffff;
const INT_MIN = -0x8000_0000;
const COLUMNS = 4;

/** Computes every row of a file and compares; a row is an operation. */
export function conformRingCount(
  text: string,
  ringCount: RingCount = ifRingCount2(),
): Conformance | UnreadableFile {
  return reading(() => computeAll(readRows(text), ringCount));
}

function computeAll(rows: readonly Row[], ringCount: RingCount): Conformance {
  for (const [i, row] of rows.entries()) {
    const { ncpus2, cnt, cntMax, result } = row;
    const got = attempt(() => ringCount(ncpus2, cnt, cntMax));
    const agrees = "value" in got ? got.value === result : result === null && "panic" in got.broken;
    if (!agrees) return { sequences: 1, operations: i, divergence: diverges(i, row, got) };
  }
  return { sequences: 1, operations: rows.length, divergence: null };
}

function diverges(i: number, row: Row, computed: ReturnType<typeof attempt<number>>): Divergence {
  const { ncpus2, cnt, cntMax, result } = row;
  const expected = result ?? { panic: "recorded" };
  const got = "value" in computed ? computed.value : computed.broken;
  return {
    line: i + 1,
    seed: null,
    operation: { index: 0, op: { op: "if_ring_count2", ncpus2, cnt, cnt_max: cntMax } },
    expected,
    got,
    fields: [{ field: "result", expected, got }],
  };
}

/** The model's routine, on kernels that were not booted: it looks at the number of CPUs only. */
function ifRingCount2(): RingCount {
  const kernels = new Map<number, Kernel>();
  return (ncpus2, cnt, cntMax) => {
    let k = kernels.get(ncpus2);
    if (k === undefined) {
      k = new Kernel(new Execution(new RandomWalk(), new Recording()), { ...DEFAULT_PARAMS, ncpus: ncpus2 });
      kernels.set(ncpus2, k);
    }
    return if_ring_count2(k, cnt, cntMax);
  };
}

function readRows(text: string): readonly Row[] {
  const rows = array(json(text, "ring-count"), "ring-count").map((row, i) => readRow(row, `row ${i + 1}`));
  if (rows.length === 0) throw new Unreadable("ring-count", "not one row");
  return rows;
}

function readRow(value: unknown, where: string): Row {
  const cells = array(value, where);
  if (cells.length !== COLUMNS) throw new Unreadable(where, `${COLUMNS} numbers are needed, not ${cells.length}`);
  const ncpus2 = integer(cells[0], `${where}: ncpus2`, 1, NCPUS_MAX);
  if ((ncpus2 & (ncpus2 - 1)) !== 0) throw new Unreadable(where, `ncpus2 must be a power of two, not ${ncpus2}`);
  return {
    ncpus2,
    cnt: integer(cells[1], `${where}: cnt`, INT_MIN, INT_MAX),
    cntMax: integer(cells[2], `${where}: cnt_max`, INT_MIN, INT_MAX),
    result: readResult(cells[3], `${where}: result`),
  };
}

function readResult(value: unknown, where: string): number | null {
  if (typeof value !== "string") return integer(value, where, INT_MIN, INT_MAX);
  if (!value.startsWith("panic")) throw new Unreadable(where, `a string must say "panic: …", not ${shown(value)}`);
  return null;
}
