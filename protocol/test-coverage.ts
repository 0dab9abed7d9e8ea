/** Small programs under every schedule, for the tests of protocol coverage. */
import { Execution, Exhaustive, Gate, Recording, Struct, guardedBy, word, type Routine } from "../sim/index.ts";
import type { World } from "../scenarios/index.ts";
import { Collector } from "./collector.ts";
import type { ScenarioCoverage } from "./coverage.ts";
import { listenToNothing } from "./listen.ts";

/** What the programs touch. */
export class Shared extends Struct {
  readonly s_word = word(this, 0);
  readonly lock: Gate;
  readonly s_count;

  constructor(x: Execution) {
    super(x, "em0");
    this.lock = new Gate(x, "em0 s_lock");
    this.s_count = guardedBy(this, this.lock, 0);
  }
}

/** What a thread does. */
export type Body = (shared: Shared, x: Execution) => Routine<void>;

/** Two threads, each on a CPU of its own: a netisr and an interrupt thread. Runs every schedule. */
export function cover(netisr: Body, ithread: Body, schedules = Number.POSITIVE_INFINITY): ScenarioCoverage {
  const recording = new Recording();
  const strategy = new Exhaustive();
  const collector = new Collector(listenToNothing);
  for (let run = 0; run < schedules && strategy.begin(); run++) {
    const x = new Execution(strategy, recording);
    x.run(() => {
      const shared = new Shared(x);
      for (const [name, body] of [["netisr_cpu 0", netisr], ["ithread em0 tx0", ithread]] as const) {
        const cpu = x.processor();
        x.setThread(cpu, x.thread(name, cpu, () => body(shared, x)));
      }
      collector.begin(x, NO_WORLD);
    });
    collector.finish();
  }
  return collector.take();
}

/** Who listens to nothing does not look at it. */
const NO_WORLD = null as unknown as World;
