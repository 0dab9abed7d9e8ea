import { describe, expect, it } from "vitest";
import type { Routine } from "../../sim/index.ts";
import { ifq_dispatch } from "./if_dispatch.ts";
import { if_devstart, if_devstart_sched, ifsq_devstart, ifsq_devstart_sched, ifsq_ifstart_need_schedule } from "./if_start.ts";
import { IFF_RUNNING } from "./if_var.ts";
import { ifsq_enqueue } from "./ifq_var.ts";
import {
  ifsq_deserialize_hw,
  ifsq_serialize_hw,
  ifsq_set_cpuid,
  ifsq_set_oactive,
} from "./ifsq_var.ts";
import { StillMachine } from "../test-context.ts";
import { ifstartMessagesPending } from "./views.ts";

/** One packet queued, `if_start` scheduled on the owner CPU and not run. */
function scheduled(card = {}, params = {}): StillMachine {
  const s = new StillMachine(params, { ringSize: 8, ...card });
  s.call(0, "somebody", () => ifsq_serialize_hw(s.k, s.ifsq));
  s.call(0, "thread", () => ifq_dispatch(s.k, s.nic.ifp, s.packet(), null));
  s.call(0, "somebody", () => ifsq_deserialize_hw(s.k, s.ifsq));
  return s;
}

function underHw<T>(s: StillMachine, body: () => Routine<T>): T {
  return s.call(0, "thread", function* (): Routine<T> {
    yield* ifsq_serialize_hw(s.k, s.ifsq);
    const value = yield* body();
    yield* ifsq_deserialize_hw(s.k, s.ifsq);
    return value;
  });
}

describe("the if_start message", () => {
  it("is queued once however often it is asked for", () => {
    const s = scheduled();
    for (let i = 0; i < 3; i++) s.call(0, "thread", () => ifsq_devstart_sched(s.k, s.ifsq));

    expect([s.messages(0), ifstartMessagesPending(s.ifsq)]).toEqual([1, [0]]);
  });

  it("starts the driver on the owner CPU and drops the interlock when nothing is left", () => {
    const s = scheduled();
    s.serve(0);

    expect(s.expectState()).toBe("queue | ring 1");
    expect([s.messages(0), ifstartMessagesPending(s.ifsq)]).toEqual([0, []]);
  });

  it("chases an owner that has moved, and keeps the interlock", () => {
    const s = scheduled();
    s.call(0, "thread", () => ifsq_set_cpuid(s.k, s.ifsq, 1));
    s.serve(0);

    expect(s.expectState()).toBe("queue |1 ring  started");
    expect([s.messages(0), s.ipis(0, 1)]).toEqual([0, 1]);
  });

  it("drops the interlock without a start when the interface is not running", () => {
    const s = scheduled();
    s.call(0, "thread", function* (): Routine<void> {
      const { if_flags } = s.nic.ifp;
      yield* if_flags.store((yield* if_flags.load()) & ~IFF_RUNNING);
    });
    s.serve(0);

    expect(s.expectState()).toBe("queue |1 ring ");
  });

  it("is not sent again by a netisr that may stage: the rollup owes it (budget 1)", () => {
    const s = scheduled({ startBudget: 1 });
    s.call(0, "thread", () => ifq_dispatch(s.k, s.nic.ifp, s.packet(), null));
    s.serve(0);

    expect([s.expectState(), s.stage(0), s.messages(0)]).toEqual(["queue |2 ring 1 started", [0, 0, 3], 0]);
  });

  it("is sent again at once where staging is off (budget 1)", () => {
    const s = scheduled({ startBudget: 1 }, { ifsq_stage_cntmax: 0 });
    s.call(0, "thread", () => ifq_dispatch(s.k, s.nic.ifp, s.packet(), null));
    s.serve(0);

    expect([s.expectState(), s.messages(0)]).toEqual(["queue |2 ring 1 started", 1]);
  });
});

describe("ifsq_devstart", () => {
  it("does nothing while somebody else holds the interlock", () => {
    const s = scheduled();
    underHw(s, () => ifsq_devstart(s.k, s.ifsq));

    expect([s.expectState(), s.ring.starts.peek()]).toEqual(["queue |1 ring  started", 0]);
  });

  it("starts a waiting packet on the default subqueue, directly or on its owner CPU", () => {
    const s = new StillMachine({}, { owners: [1] });
    s.call(0, "thread", () => ifsq_enqueue(s.k, s.ifsq, s.packet(), null));
    s.call(0, "thread", () => if_devstart_sched(s.k, s.nic.ifp));
    expect([s.expectState(), s.ipis(0, 1)]).toEqual(["queue |1 ring ", 1]);

    underHw(s, () => if_devstart(s.k, s.nic.ifp));
    expect(s.expectState()).toBe("queue | ring 1");
  });

  it("panics without the hardware serializer", () => {
    const s = scheduled();

    expect(() => s.call(0, "thread", () => ifsq_devstart(s.k, s.ifsq))).toThrow("IS_SERIALIZED");
  });
});

describe("ifsq_ifstart_need_schedule", () => {
  it("releases the interlock when not running, keeps it when running with a packet", () => {
    const s = scheduled();

    expect(underHw(s, () => ifsq_ifstart_need_schedule(s.k, s.ifsq, true))).toBe(true);
    expect(s.ifsq.ifsq_started.peek()).toBe(1);
    expect(underHw(s, () => ifsq_ifstart_need_schedule(s.k, s.ifsq, false))).toBe(false);
    expect(s.ifsq.ifsq_started.peek()).toBe(0);
  });
});

describe("a field", () => {
  it("is refused without its guard: oactive without the hardware serializer", () => {
    const s = new StillMachine();

    expect(() => s.call(0, "thread", function* (): Routine<void> {
      ifsq_set_oactive(s.ifsq);
      yield* ifsq_set_cpuid(s.k, s.ifsq, 0);
    })).toThrow("ifsq_hw_oactive written without em0 if_default_serializer");
  });
});
