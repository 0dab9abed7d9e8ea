import { describe, expect, it } from "vitest";
import { Pct, RandomWalk, type Routine, type Strategy } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { spawnThread } from "../kern/lwkt_thread.ts";
import { ifq_dispatch } from "../net/if_dispatch.ts";
import { ifnet_deserialize_all, ifnet_serialize_all, ifnet_tryserialize_all } from "../net/if_serialize.ts";
import { IFF_RUNNING, type Ifnet } from "../net/if_var.ts";
import { ifsq_deserialize_hw, ifsq_serialize_hw } from "../net/ifsq_var.ts";
import { StillMachine, walk } from "../test-context.ts";
import { statTotal, subqueues } from "../net/views.ts";
import { EINVAL } from "../sys/errno.ts";
import { M_WAITOK } from "../sys/malloc.ts";
import { m_gethdr } from "../sys/mbuf.ts";
import { NO_CARD_FAULTS, type CardFaults } from "../hw/card-engine.ts";
import { detachDevice } from "../net/device-attach.ts";
import { nicStop } from "./nic-control.ts";
import { nicIoctl } from "./nic-ioctl.ts";

function* send(k: Kernel, ifp: Ifnet, count: number): Routine<void> {
  for (let id = 1; id <= count; id++) {
    const m = m_gethdr(k, M_WAITOK, { id, len: 100, owner: "sender" });
    yield* ifq_dispatch(k, ifp, m, null);
  }
}

describe("a card", () => {
  it("transmits everything in order, with one serializer per ring or one for all (2 rings, 20 walks)", () => {
    for (const serializers of ["single", "per-ring"] as const) {
      for (let seed = 0; seed < 20; seed++) {
        const card = { subqs: 2, owners: [0, 1], interruptCpus: [1, 0], serializers };
        const { result, nic } = walk(seed, { card }, (kernel, { ifp }) => {
          spawnThread(kernel, "sender 0", 0, (k) => send(k, ifp, 5));
          spawnThread(kernel, "sender 1", 1, (k) => send(k, ifp, 5));
        });

        expect([seed, result.failure]).toEqual([seed, null]);
        for (const ring of nic.rings) expect(ring.hw.taken.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5]);
        expect(statTotal(nic.ifp, "opackets")).toBe(10);
      }
    }
  });

  it("frees what is on its rings when it is stopped, and follows IFF_UP", () => {
    const s = new StillMachine();
    for (let i = 0; i < 3; i++) {
      s.call(0, "thread", () => ifq_dispatch(s.k, s.nic.ifp, s.packet(), null));
    }
    s.call(0, "thread", function* (): Routine<void> {
      yield* ifnet_serialize_all(s.k, s.nic.ifp);
      yield* nicStop(s.k, s.nic.ifp);
      expect(yield* nicIoctl(s.k, s.nic.ifp, 0, new Uint8Array(0))).toBe(EINVAL);
      yield* ifnet_deserialize_all(s.k, s.nic.ifp);
    });

    expect(s.k.mbufs.freedIds).toEqual([1, 2]);
    expect([s.expectState(), s.nic.ifp.if_flags.peek() & IFF_RUNNING]).toEqual(["queue |3 ring 1,2", 0]);
  });

  it("gives back what it took of its serializers when one is held", () => {
    const s = new StillMachine({}, { subqs: 2, owners: [0, 1], serializers: "per-ring" });
    const [, second] = subqueues(s.nic.ifp);
    s.call(0, "somebody", () => ifsq_serialize_hw(s.k, second!));
    expect(s.call(0, "thread", () => ifnet_tryserialize_all(s.k, s.nic.ifp))).toBe(false);
    s.call(0, "somebody", () => ifsq_deserialize_hw(s.k, second!));

    expect(s.call(0, "thread", () => ifnet_tryserialize_all(s.k, s.nic.ifp))).toBe(true);
  });

  it("may be detached while its interrupts come (60 walks)", () => {
    for (let seed = 0; seed < 60; seed++) {
      const { result } = walk(seed, { card: { faults: { ...NO_CARD_FAULTS, spuriousInterrupts: 2 } } }, (kernel, nic) => {
        spawnThread(kernel, "both", 0, function* (k) {
          yield* send(k, nic.ifp, 3);
          yield* detachDevice(k, nic);
        });
      });

      expect([seed, result.failure]).toEqual([seed, null]);
    }
  });
});

describe("a fault", () => {
  const strands = (faults: Partial<CardFaults>, strategy: Strategy = new RandomWalk()): boolean => {
    const card = { ringSize: 1, faults: { ...NO_CARD_FAULTS, ...faults } };
    for (let seed = 0; seed < 200; seed++) {
      const { result, nic } = walk(seed, { card, strategy }, (kernel, { ifp }) => {
        spawnThread(kernel, "sender", 0, (k) => send(k, ifp, 4));
      });
      expect([seed, result.failure]).toEqual([seed, null]);
      if (subqueues(nic.ifp)[0]!.ifsq_len.peek() > 0) return true;
    }
    return false;
  };

  it.each(["lostInterrupts", "ringStalls"] as const)("%s can strand packets", (fault) => {
    expect(strands({ [fault]: 2 })).toBe(true);
  });

  it("lateCompletions can, when the handler is quicker than the card", () => {
    expect(strands({ lateCompletions: 2 }, new Pct({ depth: 3 }))).toBe(true);
  });

  it("spuriousInterrupts cannot", () => {
    expect(strands({ spuriousInterrupts: 2 })).toBe(false);
  });
});
