/**
 * The stuck check: at quiescence nobody may wait for something that cannot come any more. A context whose job is
 * to wait (`daemon`) is stuck only when it waits for a lock or for something another context holds. Whoever waits for the
 * environment is not stuck, nor is who waits, through however many others, for something that such a context holds.
 *
 * Waits of stuck contexts that form a cycle are a *deadlock*; stuck without one, somebody was not woken: a *lost wakeup*.
 */
import type { Context, Waiting } from "./context.ts";
import type { Execution } from "./execution.ts";
import { RunFailure, type Failure, type Wait } from "./failure.ts";

interface Stuck {
  readonly context: Context;
  readonly for: string;
  readonly heldBy: Context | null;
}

/** Throws `Stuck` when a context waits for ever; to be called from `atEnd`, when nothing is enabled. */
export function checkStuck(x: Execution): void {
  const failure = stuckFailure(x);
  if (failure !== null) throw new RunFailure(failure);
}

/** The failure of a run in which somebody waits for ever; null when nobody does. */
export function stuckFailure(x: Execution): Failure | null {
  const stuck = stuckContexts(x).map(waiting);
  if (stuck.length === 0) return null;
  const cycle = findCycle(stuck);
  const told = cycle ?? stuck;
  return {
    kind: "Stuck",
    id: cycle === null ? "lost-wakeup" : "deadlock",
    message: cycle === null ? "Nothing can run, and not everybody is done." : cycleSentence(cycle),
    facts: stuck
      .filter((wait) => !told.includes(wait))
      .map((wait) => [wait.context.name, `waits for ${wait.for}`]),
    waits: told.map(asData),
    sites: told.map(({ context }) => context.pendingAt),
  };
}

/** Who waits for ever; meaningful when nothing is enabled. */
export const stuckContexts = (x: Execution): readonly Context[] => x.contexts.filter(isStuck);

/** Who waits for something that only the environment can bring, directly or through others; at quiescence. */
export const waitingForEnvironment = (x: Execution): readonly Context[] =>
  x.contexts.filter((context) => context.life === "live" && waitsForEnvironment(context));

function waitsForEnvironment(context: Context): boolean {
  const seen = new Set<Context>();
  let at: Context | null = context;
  while (at !== null && !seen.has(at)) {
    seen.add(at);
    if (at.life === "done") return false;
    const said: Waiting | undefined = at.waitsFor?.();
    if (said?.environment === true && at.gate === null) return true;
    at = at.gate === null ? (said?.heldBy ?? null) : at.gate.owner;
  }
  return false;
}

const SETUP_CONTEXT = 0;

function isStuck(context: Context): boolean {
  if (context.id === SETUP_CONTEXT || context.life === "done" || context.isLine) return false;
  if (context.life === "live" && waitsForEnvironment(context)) return false;
  if (!context.daemon) return true;
  if (context.life === "new") return false;
  return context.gate !== null || (context.waitsFor?.().heldBy ?? null) !== null;
}

function waiting(context: Context): Stuck {
  const { gate } = context;
  if (gate !== null) return { context, for: gate.label, heldBy: gate.owner };
  const said = context.waitsFor?.();
  if (said !== undefined) return { context, ...said };
  const agent = context.blocked ? "a wakeup" : "its turn on a cpu";
  return { context, for: context.life === "new" ? "its first turn on a cpu" : agent, heldBy: null };
}

/** The cycle of holders that starts earliest, or null. */
function findCycle(stuck: readonly Stuck[]): readonly Stuck[] | null {
  const byContext = new Map(stuck.map((wait) => [wait.context, wait]));
  for (const start of stuck) {
    const path: Stuck[] = [];
    let at: Stuck | undefined = start;
    while (at !== undefined && !path.includes(at)) {
      path.push(at);
      at = at.heldBy === null ? undefined : byContext.get(at.heldBy);
    }
    if (at !== undefined) return path.slice(path.indexOf(at));
  }
  return null;
}

const cycleSentence = (cycle: readonly Stuck[]): string =>
  cycle.length === 1
    ? `${cycle[0]?.context.name ?? "nobody"} waits for what it holds itself.`
    : `${String(cycle.length)} contexts wait for each other.`;

const asData = (wait: Stuck): Wait => ({
  context: wait.context.name,
  for: wait.for,
  heldBy: wait.heldBy?.name ?? null,
});
