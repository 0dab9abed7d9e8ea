/** The causal slice: what happens before the failure and touches something that others change too. */
import { Op, describeOp, opKind, opObject, opReads, type Failure, type TracedStep } from "../../sim/index.ts";
import type { RunEvents } from "../../reports/index.ts";
import type { Case, EngineSet } from "../engine-set.ts";
import { isLoud } from "../stack.ts";
import { followed, type Followed } from "./flips.ts";

/** One operation of the slice. */
export interface SliceStep {
  readonly actor: string;
  readonly cpu: number | null;
  readonly routine: string;
  readonly text: string;
}

/** The slice, in the order of the run; behind it the operations that wait for a lock. One replay. */
export function sliceOf(engine: EngineSet, base: Followed): readonly SliceStep[] {
  const { x } = base.run;
  const matter = whatMatters(base, endsOf(base));
  const { stacks } = engine.stacks(base.what, matter.map(({ at }) => at));
  return matter.map(({ context, word }, i) => ({
    actor: context.name,
    cpu: context.cpu?.id ?? null,
    routine: (stacks[i] ?? []).findLast(isLoud)?.routine ?? "",
    text: describeOp(x, word),
  }));
}

/** The same as events of a report: of a race, what happens before its accesses. Ascending; one run. */
export function sliceIn(engine: EngineSet, what: Case, failure: Failure, { events, evidence }: Pick<RunEvents, "events" | "evidence">): readonly number[] {
  const base = followed(engine, what, failure, null);
  const { steps } = base.traced;
  const about = new Set(evidence.map((event) => events[event]?.at));
  const accesses = failure.kind === "Race" ? [...steps.keys()].filter((step) => about.has(steps[step]?.at)) : [];
  const places = new Set(whatMatters(base, accesses.length > 0 ? accesses : endsOf(base)).map(({ at }) => at));
  return events.flatMap(({ at }, i) => (places.has(at) ? [i] : []));
}

/** What the failure is seen in: the step that failed; of one at rest, the last ones. */
const endsOf = ({ traced: { steps }, run: { site } }: Followed): readonly number[] =>
  site === null || site.context === null ? lastSteps(steps) : [steps.length - 1];

/** The steps before any of `ends`, and what waits, as far as they touch what others change too. */
function whatMatters({ traced, run }: Followed, ends: readonly number[]): readonly TracedStep[] {
  const { steps } = traced;
  const before = [...steps.keys()].slice(1).filter((step) => ends.some((end) => traced.isBefore(step, end)));
  const waiting = run.x.contexts.filter(({ gate, life }) => gate !== null && life === "live");
  const known = [
    ...before.map((step) => steps[step] as TracedStep),
    ...waiting.map((context): TracedStep => ({ context, word: context.pending, at: context.pendingAt })),
  ];
  const users = new Map<number, Set<number>>();
  const changed = new Set<number>();
  for (const { context, word } of known) {
    const object = opObject(word);
    users.set(object, (users.get(object) ?? new Set<number>()).add(context.id));
    if (!opReads(opKind(word))) changed.add(object);
  }
  return known.filter(({ word, at }) => {
    const object = opObject(word);
    return at >= 0 && object !== 0 && !OF_THE_CPU.has(opKind(word)) && changed.has(object) && (users.get(object)?.size ?? 0) > 1;
  });
}

/** Every step of a CPU needs these; they say little. */
const OF_THE_CPU: ReadonlySet<Op> = new Set([Op.CritEnter, Op.CritExit, Op.Resume, Op.Switch]);

/** Of each context, its last step. */
const lastSteps = (steps: Followed["traced"]["steps"]): readonly number[] =>
  [...new Map(steps.map(({ context }, step) => [context.id, step])).values()];
