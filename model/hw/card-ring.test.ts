import { describe, expect, it } from "vitest";
import type { Routine } from "../../sim/index.ts";
import { ifsq_deserialize_hw, ifsq_serialize_hw } from "../net/ifsq_var.ts";
import { StillMachine } from "../test-context.ts";

/** Runs something with the ring's serializer held. */
function underHw<T>(s: StillMachine, body: () => T): T {
  return s.call(0, "thread", function* (): Routine<T> {
    yield* ifsq_serialize_hw(s.k, s.ifsq);
    const value = body();
    yield* ifsq_deserialize_hw(s.k, s.ifsq);
    return value;
  });
}

describe("a ring of the card", () => {
  it("owns a packet from fill to clean, and gives them back in order", () => {
    const s = new StillMachine();
    const { hw } = s.ring;
    const [a, b] = [s.packet(), s.packet()];

    const back = underHw(s, () => {
      hw.fill(a);
      hw.fill(b);
      expect([a.owner, b.owner, hw.used]).toEqual([hw.label, hw.label, 2]);
      return [hw.clean(), hw.clean()];
    });

    expect([back, a.owner, hw.usedNow]).toEqual([[a, b], "thread 0", 0]);
  });

  it("refuses a packet when no slot is free", () => {
    const s = new StillMachine({}, { ringSize: 1 });

    expect(() => underHw(s, () => [s.packet(), s.packet()].map((m) => s.ring.hw.fill(m))))
      .toThrow("mbuf 2 put on em0 tx0, which has no free slot");
  });

  it("has nothing to take off when it is empty", () => {
    const s = new StillMachine();

    expect(() => underHw(s, () => s.ring.hw.clean())).toThrow("a packet taken off em0 tx0, which is empty");
  });

  it("belongs to the holder of its serializer", () => {
    const s = new StillMachine();

    expect(() => s.call(0, "thread", () => s.k.x.ready(s.ring.hw.used))).toThrow("em0 tx0 filled read without em0 if_default_serializer");
  });
});
