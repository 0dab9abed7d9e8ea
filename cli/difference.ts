/** Where two runs of the same choices part: the first thing that one did and the other did not. */
import { describeOp, entries, type Entry, type Execution } from "../sim/index.ts";

/** `after 57 steps: netisr_cpu 0 announced load ifsq_started, then ...`; null when the logs are the same. */
export function firstDifference(first: Int32Array, second: Int32Array, x: Execution): string | null {
  const [a, b] = [entries(first), entries(second)];
  for (let steps = 0; ; ) {
    const [one, other] = [next(a), next(b)];
    if (one === null && other === null) return null;
    if (one === null || other === null || !same(one, other)) {
      return `after ${String(steps)} steps: first ${told(one, x)}, then ${told(other, x)}`;
    }
    if (one.kind === "operation") steps++;
  }
}

const next = (log: Iterator<Entry, void>): Entry | null => {
  const step = log.next();
  return step.done === true ? null : step.value;
};

const same = (a: Entry, b: Entry): boolean =>
  a.kind === b.kind && a.context === b.context && (a.kind === "switch" || (b.kind === "operation" && a.word === b.word));

function told(entry: Entry | null, x: Execution): string {
  if (entry === null) return "the run ended";
  const name = x.contexts[entry.context]?.name ?? `context ${String(entry.context)}`;
  return entry.kind === "switch" ? `${name} went on` : `${name} came to ${describeOp(x, entry.word)}`;
}
