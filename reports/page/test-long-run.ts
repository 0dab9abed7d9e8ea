/** A run with very many events, for the tests of pages: senders that send all day, scheduled at random. */
import { markOf } from "../html/notes.ts";
import type { PageCase, PageMark } from "../html/page-data.ts";
import type { RunEvents } from "../run-events.ts";
import { engineOf } from "./engine-of.ts";
import { PROPERTIES, runOnce } from "../../properties/index.ts";
import { SCENARIOS, STOCK, startWorld, type Config } from "../../scenarios/index.ts";
import { RandomWalk, Recording, type Limits } from "../../sim/index.ts";

const LIMITS: Limits = { stepsMax: 1 << 22, noProgressMax: 1 << 22, ticksMax: 0 };

/** The run, with so many packets of each of two senders. */
interface LongRun {
  readonly what: PageCase;
  readonly events: RunEvents;
  readonly mark: PageMark;
}

/** Makes it. */
export function longRun(packets: number): LongRun {
  const scenario = SCENARIOS.find(({ name }) => name === "two-senders") ?? SCENARIOS[0];
  if (scenario === undefined) throw new Error("no scenario");
  const sends = Array.from({ length: packets }, () => ({ len: 100, prio: false, mcast: false }));
  const config: Config = {
    ...scenario.smallest,
    workload: [0, 1].map((cpu) => ({ kind: "send", cpu, netisr: true, iface: 0, packets: sends })),
  };
  // Most promises are looked at after every packet, and look at all packets: only one that is judged at the end is armed.
  const property = "locks-are-free";
  const strategy = new RandomWalk();
  strategy.begin("long");
  const recording = new Recording();
  const report = runOnce({
    start: (x) => startWorld(x, config, { ...STOCK, routines: { ...scenario.routines } }), strategy, limits: LIMITS, recording,
    properties: PROPERTIES.filter(({ name }) => name === property),
  });
  const what = { scenario: scenario.name, config, choices: report.choices, property, limits: LIMITS };
  const { events } = engineOf({ scenarios: SCENARIOS, properties: PROPERTIES, drivers: [] }).replay(what);
  return { what, events, mark: markOf(report, recording.log) };
}
