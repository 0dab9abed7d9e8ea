import { describe, expect, it } from "vitest";
import type { Routine } from "../../sim/index.ts";
import { nicTxeof } from "../dev/nic-transmit.ts";
import type { Kernel } from "../kernel.ts";
import { spawnThread } from "../kern/lwkt_thread.ts";
import { ENOBUFS } from "../sys/errno.ts";
import { M_WAITOK } from "../sys/malloc.ts";
import { M_MCAST, m_gethdr } from "../sys/mbuf.ts";
import { ifq_dispatch, ifq_handoff } from "./if_dispatch.ts";
import { if_start_rollup } from "./if_stage.ts";
import { IFNET_STAT_GET, type Ifnet } from "./if_var.ts";
import { ifq_map_subq, ifsq_deserialize_hw, ifsq_serialize_hw } from "./ifsq_var.ts";
import { StillMachine, walk, type Who } from "../test-context.ts";
import { statTotal, stagesOn, subqueues } from "./views.ts";

function dispatch(s: StillMachine, cpu: number, who: Who, len = 100, flags = 0): number {
  return s.call(cpu, who, () => ifq_dispatch(s.k, s.nic.ifp, s.packet(len, flags), null));
}

/** While somebody else holds the hardware serializer of the subqueue of `cpu`. */
function busy<T>(s: StillMachine, cpu: number, body: () => T): T {
  const ifsq = ifq_map_subq(s.k, s.nic.ifp.if_snd, cpu);
  s.call(0, "somebody", () => ifsq_serialize_hw(s.k, ifsq));
  const value = body();
  s.call(0, "somebody", () => ifsq_deserialize_hw(s.k, ifsq));
  return value;
}

function txeof(s: StillMachine, done: number): void {
  s.call(0, "thread", function* (): Routine<void> {
    yield* ifsq_serialize_hw(s.k, s.ifsq);
    yield* nicTxeof(s.k, s.ring, done, false);
    yield* ifsq_deserialize_hw(s.k, s.ifsq);
  });
}

describe("ifq_dispatch > from a thread", () => {
  it("starts the driver at once, and counts the packet", () => {
    const s = new StillMachine();

    expect(dispatch(s, 0, "thread", 163, M_MCAST)).toBe(0);
    expect(s.expectState()).toBe("queue | ring 1");
    expect([statTotal(s.nic.ifp, "obytes"), statTotal(s.nic.ifp, "omcasts")]).toEqual([163, 1]);
    expect(s.call(1, "thread", () => IFNET_STAT_GET(s.k, s.nic.ifp, "obytes"))).toBe(163);
  });

  it("fills the ring, sets oactive and drops the interlock; txeof starts again", () => {
    const s = new StillMachine();
    for (let i = 0; i < 4; i++) dispatch(s, 0, "thread");

    expect(s.expectState()).toBe("queue |3,4 ring 1,2 oactive");
    txeof(s, 1);
    expect(s.expectState()).toBe("queue |4 ring 1,2,3 oactive");
  });

  it("schedules the owner CPU by IPI when the hardware serializer is taken, and keeps the interlock", () => {
    const s = new StillMachine({}, { owners: [1] });

    expect(busy(s, 0, () => dispatch(s, 0, "thread"))).toBe(0);
    expect(s.expectState()).toBe("queue |1 ring  started");
    expect(s.ipis(0, 1)).toBe(1);
  });

  it("still tries to start when the queue is full, and counts nothing", () => {
    const s = new StillMachine({}, { queue: { maxlen: 1 } });
    busy(s, 0, () => dispatch(s, 0, "thread"));
    s.serve(0);
    for (let i = 0; i < 2; i++) dispatch(s, 0, "thread");

    expect(dispatch(s, 0, "thread")).toBe(ENOBUFS);
    expect(s.expectState()).toBe("queue |3 ring 1,2 oactive");
    expect(statTotal(s.nic.ifp, "obytes")).toBe(300);
    expect(s.ring.starts.peek()).toBe(3);
  });
});

// The first operations of seed 1 of the recorded sequences: 3 CPUs, 2 subqueues owned by CPUs 0 and 2, ring of
// 1, budget 2, no staging.
describe("ifq_dispatch > as the kernel was recorded (seed 1)", () => {
  it("agrees on the first four packets", () => {
    const s = new StillMachine(
      { ncpus: 3, ifsq_stage_cntmax: 0 },
      { subqs: 2, owners: [0, 2], ringSize: 1, startBudget: 2, queue: { qmax: 7 }, serializers: "per-ring" },
    );
    const [, ring] = s.nic.rings;
    const [, ifsq] = subqueues(s.nic.ifp);

    dispatch(s, 1, "thread", 163);
    expect(ring!.hw.taken.map(({ id }) => id)).toEqual([1]);

    busy(s, 1, () => dispatch(s, 1, "netisr", 948));
    expect([ifsq!.ifsq_len.peek(), ifsq!.ifsq_started.peek(), s.ipis(1, 2)]).toEqual([1, 1, 1]);

    dispatch(s, 2, "netisr", 518);
    expect(s.expectState()).toBe("queue | ring 3");

    dispatch(s, 2, "netisr", 695);
    expect(s.expectState()).toBe("queue |4 ring 3 oactive");
    expect(statTotal(s.nic.ifp, "obytes")).toBe(2324);
  });
});

describe("ifq_dispatch > from a netisr", () => {
  it("stages until the count is reached, then starts once (stage_cntmax 3)", () => {
    const s = new StillMachine({ ifsq_stage_cntmax: 3 });

    dispatch(s, 0, "netisr");
    dispatch(s, 0, "netisr");
    expect([s.expectState(), s.stage(0)]).toEqual(["queue |1,2 ring ", [2, 200, 1]]);
    dispatch(s, 0, "netisr");
    expect([s.expectState(), s.stage(0)]).toEqual(["queue |3 ring 1,2 oactive", [0, 0, 0]]);
    expect(s.ring.hw.doorbells).toBe(1);
  });

  it("stages until the bytes reach the MTU less the header (1500 - 40)", () => {
    const s = new StillMachine({ ifsq_stage_cntmax: 8, max_protohdr: 40 });

    dispatch(s, 0, "netisr", 1459);
    expect(s.expectState()).toBe("queue |1 ring ");
    dispatch(s, 0, "netisr", 1);
    expect(s.expectState()).toBe("queue | ring 1,2");
  });

  it("leaves what is staged to the rollup", () => {
    const s = new StillMachine({ ifsq_stage_cntmax: 8 });
    dispatch(s, 0, "netisr");
    expect(stagesOn(s.k, 0)).toHaveLength(1);

    s.call(0, "netisr", () => if_start_rollup(s.k));
    expect([s.expectState(), s.stage(0)]).toEqual(["queue | ring 1", [0, 0, 0]]);
    expect(stagesOn(s.k, 0)).toEqual([]);
  });

  it("defers a further start to the rollup, and batches behind it (budget 1)", () => {
    const s = new StillMachine({ ifsq_stage_cntmax: 2 }, { startBudget: 1, ringSize: 8, owners: [1] });
    dispatch(s, 0, "netisr");
    dispatch(s, 0, "netisr");
    expect([s.expectState(), s.stage(0)]).toEqual(["queue |2 ring 1 started", [0, 0, 3]]);

    dispatch(s, 0, "netisr");
    expect([s.stage(0), s.ipis(0, 1)]).toEqual([[1, 100, 3], 0]);
    dispatch(s, 0, "netisr");
    expect([s.stage(0), s.ipis(0, 1)]).toEqual([[0, 0, 0], 1]);
  });
});

describe("ifq_handoff", () => {
  it("starts the driver whoever holds the interlock", () => {
    const s = new StillMachine({}, { owners: [1] });
    busy(s, 0, () => dispatch(s, 0, "thread"));
    s.call(0, "thread", function* (): Routine<void> {
      yield* ifsq_serialize_hw(s.k, s.ifsq);
      yield* ifq_handoff(s.k, s.nic.ifp, s.packet(50), null);
      yield* ifsq_deserialize_hw(s.k, s.ifsq);
    });

    expect(s.expectState()).toBe("queue | ring 1,2 started");
    expect(statTotal(s.nic.ifp, "obytes")).toBe(150);
  });
});

function* sendThree(k: Kernel, ifp: Ifnet, first: number): Routine<void> {
  for (let id = first; id < first + 3; id++) {
    const m = m_gethdr(k, M_WAITOK, { id, len: 100, owner: "sender" });
    yield* ifq_dispatch(k, ifp, m, null);
  }
}

describe("two senders on one subqueue", () => {
  it("leave no packet behind on a card that works (2 CPUs, 60 walks)", () => {
    for (let seed = 0; seed < 60; seed++) {
      const { result, nic } = walk(seed, {}, (kernel, { ifp }) => {
        spawnThread(kernel, "sender 0", 0, (k) => sendThree(k, ifp, 0));
        spawnThread(kernel, "sender 1", 1, (k) => sendThree(k, ifp, 10));
      });
      const [ifsq] = subqueues(nic.ifp);

      expect([seed, result.outcome, result.failure]).toEqual([seed, "passed", null]);
      expect([ifsq!.ifsq_len.peek(), ifsq!.ifsq_started.peek()]).toEqual([0, 0]);
      expect(nic.rings[0]!.hw.taken).toHaveLength(6);
    }
  });
});
