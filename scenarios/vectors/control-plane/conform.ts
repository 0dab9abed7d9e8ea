/**
 * Conformance with recorded sequences of the control plane: each is replayed on a machine of its own, and what is
 * seen after every operation is compared with what was recorded.
 *
 * Where the kernel's code faults, nothing is there to agree with: the model must fail as well, and that failure is
 * reported as the divergence of the sequence.
 */
import { differences, type Difference } from "../compare.ts";
import { attempt, conformLines, type Conformance, type Divergence, type Replayed } from "../conformance.ts";
import { Fields, Unreadable, json, reading, shown, type UnreadableFile } from "../reader.ts";
import { KINDS } from "./kinds.ts";
import type { ControlPlaneSequence, ReadKind } from "./sequence.ts";

/** What is expected where the kernel's code faults. */
const FAULT = { failure: "fault" };

/**
 * Replays every sequence of a file, given as its lines, until one diverges. What cannot be read, before that, is
 * reported as one line. Cost: about 1 ms a sequence.
 */
export function conformControlPlane(
  lines: Iterable<string>,
  kinds: ReadonlyMap<string, ReadKind> = KINDS,
): Conformance | UnreadableFile {
  return reading(() => conformLines(lines, (text, line) => replayLine(text, line, kinds)));
}

const SEED_MAX = Number.MAX_SAFE_INTEGER;

function replayLine(text: string, line: number, kinds: ReadonlyMap<string, ReadKind>): Replayed {
  const fields = new Fields(json(text, `line ${String(line)}`), `line ${String(line)}`);
  const seed = fields.integer("seed", -SEED_MAX, SEED_MAX);
  const kind = fields.text("kind");
  const read = kinds.get(kind);
  if (read === undefined) throw new Unreadable(fields.where, `unknown kind ${shown(kind)}`);
  return replay(read(fields), { line, seed });
}

function replay({ steps, boot }: ControlPlaneSequence, place: Pick<Divergence, "line" | "seed">): Replayed {
  const diverges = (index: number, op: object, expected: object, got: object): Replayed => ({
    agreed: Math.max(index, 0),
    divergence: { ...place, operation: { index, op }, expected, got, fields: fieldsOf(expected, got) },
  });
  const machine = attempt(boot);
  if ("broken" in machine) return diverges(-1, { op: "set-up" }, { panic: undefined }, machine.broken);
  for (const [index, { op, expected }] of steps.entries()) {
    const performed = attempt(() => machine.value.perform(index));
    const got = "broken" in performed ? performed.broken : performed.value;
    if (expected === null) return diverges(index, op, FAULT, inWords(got));
    if ("broken" in performed || differences(expected, got).length > 0) return diverges(index, op, expected, got);
  }
  return { agreed: steps.length, divergence: null };
}

/** A fault is compared with however the model broke, or with nothing where it did not. */
const inWords = (got: object): object => ("panic" in got ? { failure: `Panic: ${String(got.panic)}` } : got);

/** Where one of the two broke there is nothing to compare field by field. */
function fieldsOf(expected: object, got: object): readonly Difference[] {
  for (const field of ["failure", "panic"] as const) {
    if (field in got || field in expected)
      return [{ field, expected: Reflect.get(expected, field), got: Reflect.get(got, field) }];
  }
  return differences(expected, got);
}
