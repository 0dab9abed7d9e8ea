/**
 * Outcomes that no recorded set lists and that were argued: the interleaving that reaches them and the lines of the
 * seed that permit it. `findings/outcomes.json` holds them.
 */
import { outcomeKey, readOutcome, readSystem, type FinalOutcome, type OutcomeSystem } from "./outcomes-format.ts";
import { Fields, Unreadable, array, json, reading, shown, type UnreadableFile } from "./reader.ts";

/** One argument. It holds for one outcome of one system. */
export interface ArguedOutcome {
  readonly spec: OutcomeSystem;
  readonly outcome: FinalOutcome;
  /** What happens, in words, in order. */
  readonly interleaving: string;
  /** The lines of the seed that permit it. */
  readonly seedLines: string;
}

/** Reads `findings/outcomes.json`: an array of arguments. */
export const readArgued = (text: string): readonly ArguedOutcome[] | UnreadableFile =>
  reading(() => array(json(text, "findings"), "findings").map((entry, i) => readOne(entry, `finding ${i}`)));

function readOne(value: unknown, where: string): ArguedOutcome {
  const fields = new Fields(value, where);
  const spec = readSystem(fields.get("spec"));
  if ("unreadable" in spec) throw new Unreadable(where, spec.unreadable);
  const said = (name: string): string => {
    const text = fields.text(name);
    if (text === "") throw new Unreadable(where, `"${name}" must say something, not ${shown(text)}`);
    return text;
  };
  const outcome = readOutcome(fields.get("outcome"), `${where}: outcome`);
  return { spec, outcome, interleaving: said("interleaving"), seedLines: said("seedLines") };
}

/** Is this outcome of this system argued? */
export const isArgued = (
  argued: readonly ArguedOutcome[],
  system: OutcomeSystem,
  outcome: FinalOutcome,
): boolean =>
  argued.some((entry) => sameSystem(entry.spec, system) && outcomeKey(entry.outcome) === outcomeKey(outcome));

/** Both were read by the same reader, so the fields are in one order. */
const sameSystem = (a: OutcomeSystem, b: OutcomeSystem): boolean => JSON.stringify(a) === JSON.stringify(b);
