/**
 * Recorded sequences of the control plane, whatever their kind: steps, each an operation and what it came to.
 *
 * A kind is one file beside this one and one line in `kinds.ts`. The file exports a {@link ReadKind}; for the kinds whose
 * line is `{seed, kind, …, steps: [{op, …}]}` it is made by {@link stepsKind}, which asks for four things: what the
 * line says besides its steps, the operation of a step, the state it records, and a machine that performs an
 * operation and says the state that the model is in. States are compared field by field, so the machine answers with
 * exactly the fields that are recorded.
 */
import { Fields, Unreadable, shown } from "../reader.ts";

/** One operation, and what the kernel made of it; null: its code faults there, and the sequence ends. */
export interface RecordedStep<Op = object> {
  readonly op: Op;
  readonly expected: object | null;
}

/** One line. */
export interface ControlPlaneSequence {
  readonly steps: readonly RecordedStep[];
  /** Boots a machine of its own for the sequence; may throw `RunFailure`. */
  readonly boot: () => SequenceMachine;
}

/** What the steps of one sequence are performed on, in order. */
export interface SequenceMachine {
  /** Performs the operation of a step; what is seen then. Throws `RunFailure` where the model fails. */
  perform(index: number): object;
}

/** Reads one line of a kind. Throws `Unreadable`. */
export type ReadKind = (line: Fields) => ControlPlaneSequence;

/** A kind whose line has `steps`. */
export interface StepsKind<Setup, Op extends object> {
  /** What the line says besides its steps. */
  setup(line: Fields): Setup;
  /** The operation `name` of a step. Null: there is none of that name. */
  op(name: string, step: Fields): Op | null;
  /** The recorded state of a step, in the fields that the machine answers with. */
  state(step: Fields, op: Op): object;
  /** Boots a machine; the function performs one operation and says the state. */
  machine(setup: Setup): (op: Op) => object;
}

/** Makes a reader of a kind whose line has `steps`. */
export function stepsKind<Setup, Op extends object>(kind: StepsKind<Setup, Op>): ReadKind {
  return (line) => {
    const setup = kind.setup(line);
    const all = line
      .array("steps")
      .map((value, i) => readStep(kind, new Fields(value, `${line.where}: step ${i}`)));
    const steps = upToFault(all, line.where);
    const boot = (): SequenceMachine => {
      const perform = kind.machine(setup);
      return { perform: (index) => perform((steps[index] as RecordedStep<Op>).op) };
    };
    return { steps, boot };
  };
}

function readStep<Setup, Op extends object>(kind: StepsKind<Setup, Op>, step: Fields): RecordedStep<Op> {
  const name = step.text("op");
  const op = kind.op(name, step);
  if (op === null) throw new Unreadable(step.where, `unknown operation ${shown(name)}`);
  return { op, expected: faults(step) ? null : kind.state(step, op) };
}

/** Is the step recorded as one on which the kernel's code faults? */
function faults(step: Fields): boolean {
  if (!step.has("fault")) return false;
  const fault = step.get("fault");
  if (typeof fault !== "boolean") throw new Unreadable(step.where, `"fault" must be true or false, not ${shown(fault)}`);
  return fault;
}

/** The steps up to the first fault, which ends a sequence whatever follows it; and there is something to do. */
export function upToFault<Op>(steps: readonly RecordedStep<Op>[], where: string): readonly RecordedStep<Op>[] {
  if (steps.length === 0) throw new Unreadable(where, "a sequence without operations");
  const first = steps.findIndex(({ expected }) => expected === null);
  return first < 0 ? steps : steps.slice(0, first + 1);
}
