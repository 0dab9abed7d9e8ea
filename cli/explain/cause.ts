/** The root ordering in words. */
import { describeOp, opKind, opName, opObject, objectName, type Ordering, type Happening, type TracedStep } from "../../sim/index.ts";
import type { EngineSet } from "../engine-set.ts";
import type { Stack } from "../stack.ts";
import type { Flip, Followed } from "./flips.ts";

/** One side of an ordering. */
export interface Side extends Happening {
  /** Null: an agent outside the CPUs. */
  readonly cpu: number | null;
  /** The kernel routine it is part of, below the primitives of locks; empty: none. */
  readonly routine: string;
  /** `ifsq_clr_started` on cpu 0 (store em0 ifsq_started). */
  readonly text: string;
}

/** Two operations: the run fails with `first` before `second`, and passes if it comes after it. */
export interface Cause {
  readonly first: Side;
  readonly second: Side;
}

/** Flips in words. A replay for each run that they are of. */
export function causesOf(engine: EngineSet, flips: readonly Flip[]): readonly Cause[] {
  const asked = new Map<Followed, TracedStep[]>();
  for (const { of, first, second, secondOf = of } of flips) {
    for (const [run, step] of [[of, first], [secondOf, second]] as const) {
      const steps = asked.get(run);
      if (steps === undefined) asked.set(run, [step]);
      else steps.push(step);
    }
  }
  const stacks = new Map([...asked].map(([run, steps]) => {
    const found = engine.stacks(run.what, steps.map(({ at }) => at)).stacks;
    return [run, new Map(steps.map((step, i) => [step, found[i] ?? []]))];
  }));
  const side = (of: Followed, step: TracedStep): Side => sideOf(of, step, stacks.get(of)?.get(step) ?? []);
  return flips.map(({ of, first, second, secondOf = of }) => ({ first: side(of, first), second: side(secondOf, second) }));
}

function sideOf({ run: { x }, happened }: Followed, { context, word, at }: TracedStep, stack: Stack): Side {
  const routine = routineOf(stack);
  const cpu = context.cpu?.id ?? null;
  const where = cpu === null ? "" : ` on cpu ${String(cpu)}`;
  const doing = word === 0 ? "begin of the interrupt" : describeOp(x, word);
  const name = routine === "" ? context.name : `\`${routine}\`${where}`;
  const side = { cpu, routine, text: `${name} (${doing}${routine === "" ? where : `, ${context.name}`})` };
  const known = happened.find((each) => each.at === at && each.context === context.id);
  if (known !== undefined) return { ...known.what, ...side };
  const operation = word === 0 ? "begin" : opName(opKind(word));
  const object = word === 0 ? `cpu ${String(cpu)}` : objectName(x, opObject(word));
  const before = happened.filter(({ what }) => what.actor === context.name && what.operation === operation && what.object === object);
  return { actor: context.name, operation, object, occurrence: before.length + 1, ...side };
}

/** Routines that only take and give locks, and the like: who calls them is of interest. */
const PRIMITIVE = /^(?:panic$|lwkt_(?:serialize|gettoken|reltoken|replymsg|sendmsg|domsg|send_ipiq)|lockmgr|spin_|crit_|if(?:net|_default)_(?:de)?serialize|ifsq_(?:de)?serialize|mtx_|lck_|tailq_|_?tsleep|mtxsleep|zsleep|ssleep|wakeup)/;

/** The innermost kernel routine that is none of the primitives. */
export function routineOf(stack: Stack): string {
  return (stack.findLast(({ routine }) => !PRIMITIVE.test(routine)) ?? stack.at(-1))?.routine ?? "";
}

/** The sentence. */
export const sentence = (causes: readonly Cause[]): string =>
  `passes if ${causes.map(({ first, second }) => `${first.text} comes after ${second.text}`).join(", and ")}`;

/** The orderings in which the run fails. */
export const witnessesOf = (causes: readonly Cause[]): readonly Ordering[] =>
  causes.map(({ first, second }) => ({ before: happeningOf(first), after: happeningOf(second) }));

const happeningOf = ({ actor, operation, object, occurrence }: Side): Happening => ({ actor, operation, object, occurrence });
