/**
 * Conformance with recorded operation sequences on the send queue: each sequence is replayed on a machine of its
 * own, and the state after every operation is compared with the recorded one.
 */
import { differences, type Difference } from "./compare.ts";
import { attempt, conformLines, type Conformance, type Divergence, type Replayed } from "./conformance.ts";
import {
  readSequence,
  type IfqConfig,
  type IfqOp,
  type IfqSequence,
  type IfqState,
} from "./ifq-format.ts";
import { IfqMachine } from "./ifq-machine.ts";
import type { Replayer } from "./replayer.ts";
import { reading, type UnreadableFile } from "./reader.ts";

/**
 * Replays every sequence of a file, given as its lines, until one diverges. What cannot be read, before that, is
 * reported as one line. Cost: about 50 µs an operation and 1 ms a sequence.
 */
export function conformIfq(
  lines: Iterable<string>,
  replayer: (config: IfqConfig) => Replayer = (config) => new IfqMachine(config),
): Conformance | UnreadableFile {
  return reading(() => conformLines(lines, (text, line) => replay(readSequence(text, line), replayer)));
}

const SET_UP = { op: "set-up" };

function replay(sequence: IfqSequence, replayer: (config: IfqConfig) => Replayer): Replayed {
  const { line, seed, config, ops, states } = sequence;
  const { maxlen, maxbcnt } = config;
  const diverges = (index: number, op: unknown, expected: object, got: object): Divergence => ({
    line,
    seed,
    operation: { index, op },
    expected,
    got,
    fields: fieldsOf(expected, got),
  });

  const machine = attempt(() => replayer(config));
  const limits = "broken" in machine ? machine.broken : machine.value.limits;
  if ("broken" in machine || differences({ maxlen, maxbcnt }, limits).length > 0)
    return { agreed: 0, divergence: diverges(-1, SET_UP, { maxlen, maxbcnt }, limits) };

  for (const [index, expected] of states.entries()) {
    const op = ops[index] as IfqOp; // no more states than operations
    const result = attempt(() => machine.value.apply(op));
    const got = "broken" in result ? result.broken : result.value;
    if (agree(expected, got)) continue;
    return { agreed: index, divergence: diverges(index, op, expected, got) };
  }
  return { agreed: states.length, divergence: null };
}

/** Where one of the two broke there is nothing to compare field by field. */
function fieldsOf(expected: object, got: object): readonly Difference[] {
  for (const field of ["panic", "failure"] as const) {
    if (field in got || field in expected)
      return [{ field, expected: Reflect.get(expected, field), got: Reflect.get(got, field) }];
  }
  return differences(expected, got);
}

/** The kernel's words of a panic are not compared: a panic agrees with a panic. */
const agree = (expected: IfqState, got: object): boolean =>
  "panic" in expected ? "panic" in got : differences(expected, got).length === 0;
