/** Orders of operations, of drawn runs and of complete searches, for the tests that compare them. */
import { SCENARIOS, STOCK, boundedOf, startWorld, type ActorRoutines, type World } from "../scenarios/index.ts";
import { DEFAULT_LIMITS, Dpor, Pos, Recording, happenedIn, opObject, opOnlyRead, type Execution, type Failure, type Strategy } from "../sim/index.ts";
import { runOnce } from "./runner.ts";

/**
 * The order of the operations on each object, those that only look in any order between two that change it. Sleep queues
 * are left out: there the reduction tells the parts of CPUs apart, which the log does not.
 */
function orderOf(x: Execution): string {
  const counts = new Map<number, number>();
  const orders = new Map<string, string[][]>();
  for (const { context, word, what } of happenedIn(x)) {
    const nth = (counts.get(context) ?? 0) + 1;
    counts.set(context, nth);
    if (opObject(word) === 0 || what.object.startsWith("sleepers")) continue;
    const order = orders.get(what.object) ?? [[]];
    orders.set(what.object, order);
    const each = `${String(context)}.${String(nth)}`;
    if (opOnlyRead(word)) order.at(-1)?.push(each);
    else order.push([each], []);
  }
  return [...orders].map(([object, order]) => `${object}: ${order.map((each) => each.sort().join("+")).join(" ")}`).sort().join("\n");
}

/** Makes one run; `ready` is told of it before its first choice. */
export type Run = (strategy: Strategy, recording: Recording, ready: (x: Execution) => void) => { readonly failure: Failure | null };

/** Executions of what `explore` takes of these scenarios. */
export const EXECUTIONS = {
  "sleep-wakeup": 2,
  "serializer-contention": 357,
  "owner-migration": 377,
  "attach-detach-churn": 360,
  "several-senders-one-subqueue": 10_386,
  "ring-full": 11_305,
} as const;

/** Some of {@link EXECUTIONS}, as rows of a test. */
export const executionsOf = (...names: readonly (keyof typeof EXECUTIONS)[]): readonly (readonly [name: string, executions: number])[] =>
  names.map((name) => [name, EXECUTIONS[name]]);

/** Starts what `explore` takes of a scenario; `otherwise`: other routines. */
export function starting(name: string, otherwise: ActorRoutines = {}): (x: Execution) => World {
  const found = SCENARIOS.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no scenario ${name}`);
  const parts = { ...STOCK, routines: { ...STOCK.routines, ...found.routines, ...otherwise } };
  return (x) => startWorld(x, boundedOf(found), parts);
}

/** Runs it. */
export const scenario = (name: string, otherwise?: ActorRoutines): Run => {
  const start = starting(name, otherwise);
  return (strategy, recording, ready) =>
    runOnce({ start: (x) => (ready(x), start(x)), strategy, limits: DEFAULT_LIMITS, recording, properties: [] });
};

function ordersOf(run: Run, strategy: Strategy, most: number): ReadonlySet<string> {
  const recording = new Recording();
  const orders = new Set<string>();
  for (let nth = 0; nth < most && strategy.begin(`orders/${String(nth)}`); nth++) {
    const started: Execution[] = [];
    run(strategy, recording, (x) => started.push(x));
    for (const x of started) orders.add(orderOf(x));
  }
  return orders;
}

/** What a complete search came to, and the orders that drawn runs show and it has not explored. */
export function unexplored(run: Run, executions: number, drawn: number): object {
  const search = new Dpor();
  const explored = ordersOf(run, search, executions + 1);
  const missed = [...ordersOf(run, new Pos(), drawn)].filter((order) => !explored.has(order));
  const { executions: made, exhausted, covered, infeasible } = search;
  return { executions: made, exhausted, covered, infeasible, missed };
}

/** {@link unexplored} where all is well. */
export const nothingUnexplored = (executions: number): object =>
  ({ executions, exhausted: true, covered: 0, infeasible: 0, missed: [] });
