/**
 * A small engine set for the tests of the command line: plain programs on the simulated machine instead of a
 * kernel, each with one well-known outcome.
 */
import { Gate, Struct, atomic, guardedBy, type Execution, type Routine } from "../sim/index.ts";
import { NO_FAULTS, PLAIN, type Config, type Scenario, type World } from "../scenarios/index.ts";
import type { Property } from "../properties/index.ts";
import { listenToNothing } from "../protocol/index.ts";
import { makeEngineSet, type EngineSet } from "./engine-set.ts";
import type { EngineLoader } from "./load-engine.ts";

/** What the small programs share. */
class Counter extends Struct {
  readonly lock: Gate;
  readonly other: Gate;
  readonly cnt_word = atomic<number>(this, 0);
  readonly cnt_held;

  constructor(x: Execution) {
    super(x, "counter");
    this.lock = new Gate(x, "cnt_lock");
    this.other = new Gate(x, "other_lock");
    this.cnt_held = guardedBy(this, this.lock, 0);
  }
}

/** What the properties of the tests look at. */
interface SmallWorld {
  readonly counter: Counter;
  readonly program: string;
  readonly started: number;
}

type Body = (counter: Counter, me: number) => Routine<void>;

function* cnt_lost(counter: Counter): Routine<void> {
  const seen = yield* counter.cnt_word.load();
  yield* counter.cnt_word.store(seen + 1);
}

function* cnt_locked(counter: Counter): Routine<void> {
  yield* counter.lock.acquire();
  counter.cnt_held.held += 1;
  yield* counter.lock.release();
}

function* cnt_crossed(counter: Counter, me: number): Routine<void> {
  const [first, second] = me === 0 ? [counter.lock, counter.other] : [counter.other, counter.lock];
  yield* first.acquire();
  yield* second.acquire();
  yield* second.release();
  yield* first.release();
}

function* cnt_for_ever(counter: Counter): Routine<void> {
  for (;;) yield* counter.cnt_word.add(1);
}

function* cnt_final(counter: Counter): Routine<void> {
  yield* counter.cnt_word.load();
  yield* counter.cnt_word.store(THREADS);
}

function* cnt_whole(counter: Counter): Routine<void> {
  yield* counter.cnt_word.add(1);
}

type Programs = Readonly<Record<string, Body>>;

const PROGRAMS: Programs = {
  "lost-update": cnt_lost,
  "locked-update": cnt_locked,
  "crossed-locks": cnt_crossed,
  "endless-loop": cnt_for_ever,
};

const THREADS = 2;

/** Ways to mend the lost update: one in which its orders still come about, one that leaves nothing of them. */
const FIXES = { reached: cnt_final, excluded: cnt_whole } as const;

/** The program is told from the MTU: the one number of the record that says which scenario it is. */
function startSmallWorld(programs: Programs, x: Execution, config: Config): World {
  const program = Object.keys(programs)[config.topology.mtu - 1] ?? "locked-update";
  const body = programs[program] ?? cnt_locked;
  const counter = new Counter(x);
  for (let me = 0; me < THREADS; me++) {
    const cpu = x.processor();
    const thread = x.thread(`thread ${String(me)}`, cpu, () => body(counter, me));
    x.setThread(cpu, thread);
  }
  const world: SmallWorld = { counter, program, started: THREADS };
  return world as unknown as World; // the properties below are the only ones that look at it
}

const small = (world: World): SmallWorld => world as unknown as SmallWorld;

const PROPERTIES: readonly Property[] = [
  {
    kind: "eventually",
    name: "no-lost-update",
    promise: "Every thread's increment is counted.",
    holds: (world) => {
      const { counter, program, started } = small(world);
      const cnt = counter.cnt_word.peek();
      if (program !== "lost-update" || cnt === started) return null;
      return [["counter", `cnt_word ${String(cnt)}`], ["expected", `cnt_word ${String(started)}`]];
    },
  },
  {
    kind: "sometimes",
    name: "lock-is-released",
    promise: "The lock is released by some run.",
    scenarios: ["locked-update"],
    watch: (world, reached) => {
      small(world).counter.lock.watchers = [reached];
    },
  },
];

const scenario = (name: string, i: number): Scenario => ({
  name,
  purpose: `two threads: ${name}`,
  smallest: { topology: { ...PLAIN, mtu: i + 1 }, workload: [], faults: NO_FAULTS },
  vary: {},
});

const engineOf = (programs: Programs): EngineSet => makeEngineSet({
  scenarios: Object.keys(programs).map(scenario),
  properties: PROPERTIES,
  startWorld: (x, config) => startSmallWorld(programs, x, config),
  configFor: (subject) => subject.smallest,
  shrinkConfig: () => undefined,
  listen: listenToNothing,
});

/** The small engine set. */
export const testEngine = engineOf(PROGRAMS);

/** Loads it, whatever is asked for. */
export const loadTestEngine: EngineLoader = () =>
  Promise.resolve({ engine: testEngine, variant: null, code: "test", module: null });

/** Loads a small engine set whose lost update is mended where this variant is asked for, and the usual one otherwise. */
export const loadFixes: EngineLoader = (_io, variant) => Promise.resolve(variant === "reached" || variant === "excluded"
  ? { engine: engineOf({ ...PROGRAMS, "lost-update": FIXES[variant] }), variant, code: variant, module: null }
  : { engine: testEngine, variant: null, code: "test", module: null });
