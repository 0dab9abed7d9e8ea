import { describe, expect, it } from "vitest";
import { Execution, Op, Recording, Timed, type Routine } from "../sim/index.ts";
import { boot } from "./boot.ts";
import { COST_TABLE, namedCosts, operationCosts, type CostName, type NamedCosts } from "./costs.ts";
import { Callout } from "./kern/callout.ts";
import { globaldata_find } from "./kern/globaldata.ts";
import { callout_init_mp, callout_reset } from "./kern/kern_timeout.ts";
import { lwkt_send_ipiq } from "./kern/lwkt_ipiq.ts";
import { Serializer, lwkt_serialize_adaptive_enter, lwkt_serialize_enter, lwkt_serialize_exit, lwkt_serialize_try } from "./kern/lwkt_serialize.ts";
import { spawnThread } from "./kern/lwkt_thread.ts";
import type { Kernel } from "./kernel.ts";
import type { Params } from "./params.ts";
import { Timing } from "./timing.ts";

const FREE = Object.fromEntries(COST_TABLE.map(({ name }) => [name, 0])) as Record<CostName, number>;

/** A timed kernel in which nothing costs anything, except what a test names, run until it is quiet. */
function timed(costs: Partial<NamedCosts>, start: (k: Kernel) => void, params: Partial<Params> = {}): Kernel {
  const strategy = new Timed();
  strategy.begin("1");
  const x = new Execution(strategy, new Recording());
  let k!: Kernel;
  const { outcome, failure } = x.run(() => {
    k = boot(x, params, { costs: { ...FREE, ...costs } });
    start(k);
  });
  expect(failure).toBeNull();
  expect(outcome).toBe("passed");
  return k;
}

/** Holds a serializer for so long; comes at `at`. */
function* visitor(k: Kernel, s: Serializer, at: number, ns: number, enter: typeof lwkt_serialize_enter): Routine<void> {
  while (k.x.now < at) yield* k.x.idleUntil(at);
  yield* enter(k, s);
  k.x.spend(ns);
  yield* lwkt_serialize_exit(k, s);
}

/** Timed mode runs under sequential consistency: there are no store buffers. */
const OF_STORE_BUFFERS = [Op.Buffer, Op.BufferPublish, Op.Forward, Op.ForwardPeek, Op.Flush];

describe("costs", () => {
  it("have one line for each kind of operation, or none", () => {
    const kinds = COST_TABLE.flatMap(({ ops }) => ops);

    expect(new Set(kinds).size).toBe(kinds.length);
    expect(Object.values(Op).filter((op) => !kinds.includes(op as never))).toEqual(
      [Op.Switch, Op.End, Op.Exit, Op.Window, Op.Tick, Op.Device, Op.Also, ...OF_STORE_BUFFERS]);
  });

  it("have names of their own, whole numbers, and a source or an argument", () => {
    expect(new Set(COST_TABLE.map(({ name }) => name)).size).toBe(COST_TABLE.length);
    for (const { ns, what, why } of COST_TABLE) {
      expect(Number.isSafeInteger(ns) && ns >= 0).toBe(true);
      expect(Math.min(what.length, why.length)).toBeGreaterThan(5);
    }
  });

  it("can be replaced by name", () => {
    const costs = namedCosts({ atomic: 99 });

    expect(costs.load).toBe(2);
    expect(operationCosts(costs)).toMatchObject({ [Op.Rmw]: 99, [Op.Acquire]: 99, [Op.Load]: 2 });
  });
});

describe("a frame", () => {
  it.each([
    [1000, 60, 672],
    [1000, 1, 672],
    [1000, 61, 680],
    [1000, 1514, 12_304],
    [10_000, 60, 67],
    [100, 60, 6720],
  ])("at %i Mb/s of %i bytes takes %i ns", (linkMbps, len, ns) => {
    expect(new Timing({ linkMbps }).frameNs(len)).toBe(ns);
  });
});

describe("a serializer in virtual time", () => {
  it("is waited for by spinning, and the spinner is busy", () => {
    let s!: Serializer;
    const k = timed({ spinLimit: 1000 }, (kernel) => {
      s = new Serializer(kernel, "slz");
      spawnThread(kernel, "a", 0, (on) => visitor(on, s, 0, 500, lwkt_serialize_adaptive_enter));
      spawnThread(kernel, "b", 1, (on) => visitor(on, s, 100, 50, lwkt_serialize_adaptive_enter));
    });

    // a has it from 0 to 500, b spins from 100 to 500 and has it to 550.
    expect(s).toMatchObject({ waits: 1, waited: 400, busyTries: 0 });
    expect(k.x.cpus.map(({ busy, spun }) => ({ busy, spun }))).toEqual([{ busy: 500, spun: 0 }, { busy: 450, spun: 400 }]);
    expect(k.x.cpus[1]?.busyUntil).toBe(550);
  });

  it("puts a spinner to sleep when its patience is over", () => {
    let s!: Serializer;
    const k = timed({ spinLimit: 150 }, (kernel) => {
      s = new Serializer(kernel, "slz");
      spawnThread(kernel, "a", 0, (on) => visitor(on, s, 0, 500, lwkt_serialize_adaptive_enter));
      spawnThread(kernel, "b", 1, (on) => visitor(on, s, 100, 50, lwkt_serialize_adaptive_enter));
    });

    expect(s).toMatchObject({ waits: 1, waited: 400 });
    expect(k.x.cpus.map(({ busy, spun }) => ({ busy, spun }))).toEqual([{ busy: 500, spun: 0 }, { busy: 200, spun: 150 }]);
  });

  it("puts whoever does not spin to sleep at once", () => {
    let s!: Serializer;
    const k = timed({ spinLimit: 1000 }, (kernel) => {
      s = new Serializer(kernel, "slz");
      spawnThread(kernel, "a", 0, (on) => visitor(on, s, 0, 500, lwkt_serialize_enter));
      spawnThread(kernel, "b", 1, (on) => visitor(on, s, 100, 50, lwkt_serialize_enter));
    });

    expect(s).toMatchObject({ waits: 1, waited: 400 });
    expect(k.x.cpus.map(({ busy }) => busy)).toEqual([500, 50]);
  });

  it("counts tries that fail, and does not call that waiting", () => {
    let s!: Serializer;
    timed({}, (kernel) => {
      s = new Serializer(kernel, "slz");
      spawnThread(kernel, "a", 0, (on) => visitor(on, s, 0, 500, lwkt_serialize_enter));
      spawnThread(kernel, "b", 1, function* (on): Routine<void> {
        yield* on.x.idleUntil(100);
        expect(yield* lwkt_serialize_try(on, s)).toBe(false);
      });
    });

    expect(s).toMatchObject({ waits: 0, waited: 0, busyTries: 1 });
  });
});

describe("an IPI in virtual time", () => {
  it("begins when it has been delivered, and costs an interrupt", () => {
    const seen: number[] = [];
    const k = timed({ ipiSend: 60, ipiDelivery: 300, interrupt: 700 }, (kernel) => {
      spawnThread(kernel, "sender", 0, function* (on): Routine<void> {
        yield* lwkt_send_ipiq(on, globaldata_find(on, 1), function* (there): Routine<void> {
          yield* there.x.pause(Op.Yield);
          seen.push(there.x.now);
        }, null);
      });
    });

    expect(seen).toEqual([60 + 300 + 700]);
    expect(k.x.cpus.map(({ busy }) => busy)).toEqual([60, 700]);
  });
});

describe("the clock in virtual time", () => {
  it("ticks at its frequency, up to its bound", () => {
    const fired: number[] = [];
    const k = timed({}, (kernel) => {
      kernel.clock.allow(5);
      spawnThread(kernel, "arms", 0, function* (on): Routine<void> {
        const c = new Callout(on, "test");
        callout_init_mp(on, c);
        yield* callout_reset(on, c, 2, function* (there: Kernel): Routine<void> {
          yield* there.x.pause(Op.Yield);
          fired.push(there.x.now);
        }, null);
      });
    }, { hz: 100 });

    expect(fired).toEqual([2 * 10_000_000]);
    // The interface layer has a callout armed at all times.
    expect(k.clock.ticks).toBe(5);
    expect(k.x.now).toBe(5 * 10_000_000);
  });
});
