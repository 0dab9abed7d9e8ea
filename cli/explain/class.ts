/**
 * Of which cause is a failure? Two are of one, and so in one class, if they are the same failure (kind and id) and an ordering
 * of the same kernel routines on the same kind of object undoes both. Critical sections of a lock are told by the routine whose
 * section comes too early and by the lock: which of the others it has to come after differs from run to run. Of what no
 * ordering undoes the place counts: the routine that breaks the promise, whoever called it.
 */
import { createHash } from "node:crypto";
import type { Failure } from "../../sim/index.ts";
import type { Case, EngineSet } from "../engine-set.ts";
import { causesOf as factsOf } from "../fingerprint.ts";
import { isLoud, type Stack } from "../stack.ts";
import { causesOf, routineOf, sentence, type Cause, type Side } from "./cause.ts";
import { findFlips } from "./flips.ts";

/** Runs that a check may spend on the orderings of one failure. */
export const ORDERINGS_BUDGET = 300;

/** Why a run fails, as far as a check looks. */
export interface Why {
  /** The minimal flip set; empty: none was found, or none was looked for. */
  readonly causes: readonly Cause[];
  /** The root ordering, or what is said in its place. */
  readonly sentence: string;
  /** The class of the failure, then those that it would be in by the other orderings that undo it: 16 hexadecimal digits each. */
  readonly classes: readonly string[];
}

/** Looks for it. Deterministic; `budget` in runs for the orderings, and a few replays. */
export function whyOf(engine: EngineSet, what: Case, failure: Failure, fingerprint: string, budget: number): Why {
  if (failure.kind === "Race") return { causes: [], sentence: "nothing orders its two accesses", classes: [classOfRace(failure, fingerprint)] };
  const { flips, alone } = budget === 0 ? { flips: [], alone: [] } : findFlips(engine, what, failure, budget);
  const causes = causesOf(engine, flips);
  const others = causesOf(engine, alone).map((cause) => classOf(engine, what, failure, [cause]));
  return {
    causes,
    sentence: causes.length > 0 ? sentence(causes) : budget === 0 ? "no order in which it passes was looked for" : "no order that was tried makes it pass",
    classes: [...new Set([classOf(engine, what, failure, causes), ...others])],
  };
}

/** The class of a failure that these orderings undo; without any, two replays. */
export const classOf = (engine: EngineSet, what: Case, failure: Failure, causes: readonly Cause[]): string =>
  digits(failure, causes.length > 0 ? causes.map(orderingOf) : placeOf(engine, what));

/** Of a race its fingerprint counts: its word and the routines of its accesses. */
export const classOfRace = (race: Failure, fingerprint: string): string => digits(race, [fingerprint]);

const digits = ({ kind, id }: Failure, parts: readonly string[]): string =>
  createHash("sha256").update([kind, id, ...parts].join("\n")).digest("hex").slice(0, 16);

const SECTION: ReadonlySet<string> = new Set(["try", "enter", "exit"]);

/** Names of units, and names that somebody gave, are none of the kind. */
const kindOf = ({ object }: Side): string => object.replaceAll(/\b[a-z]*[0-9]+\b|"[^"]*"/g, "#");

function orderingOf({ first, second }: Cause): string {
  const locks = SECTION.has(first.operation) && SECTION.has(second.operation) && kindOf(first) === kindOf(second);
  return locks ? `${first.routine} section ${kindOf(first)}` : `${sideOf(first)}\n${sideOf(second)}`;
}

const sideOf = (side: Side): string =>
  `${side.routine} ${SECTION.has(side.operation) ? "section" : side.operation} ${kindOf(side)}`;

/** Where the run of a case breaks its promise; what is quoted there is a name that somebody gave, and tells of no cause. */
function placeOf(engine: EngineSet, what: Case): readonly string[] {
  const { failure, evidence } = engine.replay(what);
  if (failure === null) return [];
  const { stacks, thrown } = engine.stacks(what, evidence);
  const loud = (stack: Stack): Stack => stack.filter(isLoud);
  if (thrown !== null && thrown.length > 0 && failure.kind !== "Memory") return [`in ${routineOf(loud(thrown))}`];
  const facts = failure.facts.map(([label, value]) => [label, value.replaceAll(/"[^"]*"/g, "")] as const);
  return factsOf({ ...failure, facts }, stacks.map(loud), thrown === null ? null : loud(thrown));
}
