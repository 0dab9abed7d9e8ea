/** Complete searches, and what the executions come to: bundled with points at guarded accesses, and without. */
import { ifq_get_subq_default } from "../../model/index.ts";
import { runOnce } from "../../properties/index.ts";
import { starting } from "../../properties/test-orders.ts";
import { outcomeKey, readOutcomes, runOutcome, type World } from "../../scenarios/index.ts";
import { DEFAULT_LIMITS, Dpor, Recording, type Strategy } from "../../sim/index.ts";

/** What a complete search came to. */
export interface Came {
  readonly executions: number;
  readonly covered: number;
  readonly infeasible: number;
  readonly depthMax: number;
  readonly outcomes: readonly string[];
}

function all(run: (strategy: Strategy, recording: Recording) => string): Came {
  const search = new Dpor();
  const recording = new Recording();
  const outcomes = new Set<string>();
  while (search.begin()) outcomes.add(run(search, recording));
  const { executions, covered, infeasible, depthMax } = search;
  return { executions, covered, infeasible, depthMax, outcomes: [...outcomes].sort() };
}

/** Of a recorded system. */
export function recorded(text: string): Came {
  const spec = readOutcomes(text);
  if ("unreadable" in spec) throw new Error(spec.unreadable);
  return all((search, recording) => {
    const { outcome } = runOutcome(spec.system, search, recording, undefined, true);
    return outcome === null ? "a bound" : outcomeKey(outcome);
  });
}

/** Of a scenario. */
export function scenario(name: string): Came {
  const start = starting(name);
  return all((strategy, recording) => {
    const worlds: World[] = [];
    const started = (world: World): World => {
      worlds.push(world);
      return world;
    };
    const { failure } = runOnce({ start: (x) => started(start(x)), strategy, limits: DEFAULT_LIMITS, recording, properties: [] });
    return failure === null ? JSON.stringify(worlds.map(restOf)) : failure.id;
  });
}

const restOf = ({ sent, walks, devices }: World): object => ({
  sent: sent.map(({ sender, error }) => [sender, error]),
  walks,
  queues: devices.map(({ ifp, rings }) => {
    const ifsq = ifq_get_subq_default(ifp.if_snd);
    return [ifsq.ifsq_len.peek(), ifsq.ifsq_started.peek(), ifsq.ifsq_hw_oactive.peek(), rings.map(({ hw }) => [hw.usedNow, hw.taken.map(({ id }) => id)])];
  }),
});
