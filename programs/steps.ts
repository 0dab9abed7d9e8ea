/**
 * Reads programs that are only told by their steps, as in `T0: spawn T1; 3x yield | T1: 3x yield`: what schedulers that try
 * every schedule are counted on. There a thread's beginning is a step, and whoever spawns goes on after a step.
 */
import { Unsupported, type Block, type Source, type Statement } from "./language.ts";
import { shown } from "./reading.ts";

const LABELLED = /^\s*([A-Za-z_]\w*)\s*:(?!=)(.*)$/s;
const SPAWN = /^spawn\s+([A-Za-z_]\w*)\s*(\(empty\))?$/;
const STEPS = /^(?:(one|[0-9]{1,3})\s*x?\s+)?(?:yields?|steps?)$/;

/** Is it told by its steps? */
export const isTold = (text: string): boolean => text.split("|").every((part) => LABELLED.test(part));

/** The program of a text. Throws {@link Unsupported}. */
export function readSteps(text: string): Source {
  const parts = text.split("|").map((part) => {
    const [, name, steps] = LABELLED.exec(part) ?? [];
    if (name === undefined || steps === undefined) throw new Unsupported(`steps ${shown(part.trim())}`);
    return { name, steps: steps.split(/[;,]/).map((step) => step.trim()) };
  });
  const empty = parts.flatMap(({ steps }) => steps.flatMap((step) => {
    const [, name, none] = SPAWN.exec(step) ?? [];
    return name !== undefined && none !== undefined ? [{ name, steps: [] as readonly string[] }] : [];
  }));
  const all = [...parts, ...empty];
  const names = all.map(({ name }) => name);
  if (new Set(names).size < names.length) throw new Unsupported(`a name that two threads have in ${shown(text)}`);
  const threads = all.map(({ steps }) => steps.flatMap((step) => statementsOf(step, names)));
  const spawned = new Set(threads.flatMap((thread) => thread.flatMap((one) => (one[0] === "spawn" ? [one[1]] : []))));
  // The first step of a thread that nobody spawns is over when the others begin; its last one is not.
  const ended = threads.map((thread, i): Block => (spawned.has(i) ? thread : [...thread, ["yield"]]));
  return { vars: {}, threads: ended, final: [], orderFailedTrylock: false };
}

function statementsOf(step: string, names: readonly string[]): readonly Statement[] {
  if (step === "" || step === "start" || step === "end") return [];
  const [, name] = SPAWN.exec(step) ?? [];
  if (name !== undefined) {
    const thread = names.indexOf(name);
    if (thread < 0) throw new Unsupported(`thread ${shown(name)}`);
    return [["spawn", thread]];
  }
  const [whole, times = "1"] = STEPS.exec(step) ?? [];
  if (whole === undefined) throw new Unsupported(`step ${shown(step)}`);
  return Array.from({ length: times === "one" ? 1 : Number(times) }, () => ["yield"] as const);
}
