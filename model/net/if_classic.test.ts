import { describe, expect, it } from "vitest";
import type { Routine } from "../../sim/index.ts";
import { ENOBUFS } from "../sys/errno.ts";
import { M_PRIO } from "../sys/mbuf.ts";
import { ifsq_dequeue, ifsq_enqueue, ifsq_poll, ifsq_prepend, ifsq_purge } from "./ifq_var.ts";
import { StillMachine } from "../test-context.ts";

const still = (maxlen: number): StillMachine => new StillMachine({}, { queue: { maxlen } });
const enqueue = (s: StillMachine, len: number, flags = 0): number =>
  s.call(0, "thread", () => ifsq_enqueue(s.k, s.ifsq, s.packet(len, flags), null));
const dequeue = (s: StillMachine): number | null =>
  s.call(0, "thread", () => ifsq_dequeue(s.k, s.ifsq))?.id ?? null;
const counters = ({ ifsq }: StillMachine): readonly number[] =>
  [ifsq.ifsq_len, ifsq.ifsq_bcnt, ifsq.ifsq_prio_len, ifsq.ifsq_prio_bcnt].map((c) => c.peek());

describe("the classic discipline", () => {
  it("serves the high-priority lane first, each lane in order", () => {
    const s = still(8);
    for (const flags of [0, M_PRIO, 0, M_PRIO]) enqueue(s, 100, flags);

    expect([dequeue(s), dequeue(s), dequeue(s), dequeue(s), dequeue(s)]).toEqual([2, 4, 1, 3, null]);
    expect(counters(s)).toEqual([0, 0, 0, 0]);
  });

  it("refuses and frees a packet when it is full by packets", () => {
    const s = still(2);

    expect([enqueue(s, 1), enqueue(s, 1), enqueue(s, 1)]).toEqual([0, 0, ENOBUFS]);
    expect(s.k.mbufs.freedIds).toEqual([3]);
  });

  it("is full by bytes when the bytes queued reach the limit, not when the packet would exceed it", () => {
    const s = still(2);

    expect([enqueue(s, 4095), enqueue(s, 4096), enqueue(s, 1)]).toEqual([0, 0, ENOBUFS]);
    expect(counters(s)).toEqual([2, 8191, 0, 0]);
  });

  it("drops the head of the normal lane for a high-priority packet while that lane is under half", () => {
    const s = still(4);
    for (let i = 0; i < 4; i++) enqueue(s, 10);

    expect([1, 2, 3].map(() => enqueue(s, 20, M_PRIO))).toEqual([0, 0, ENOBUFS]);
    expect(s.k.mbufs.freedIds).toEqual([1, 2, 7]);
    expect(counters(s)).toEqual([4, 60, 2, 40]);
  });

  it("makes room by packets only: a large high-priority packet may exceed the byte limit", () => {
    const s = still(2);
    enqueue(s, 1);
    enqueue(s, 1);

    expect(enqueue(s, 60_000, M_PRIO)).toBe(0);
    expect(counters(s)).toEqual([2, 60_001, 1, 60_000]);
  });

  it("serves a prepended packet first, and counts it", () => {
    const s = still(4);
    enqueue(s, 10, M_PRIO);
    const m = s.packet(30);
    s.call(0, "thread", () => ifsq_prepend(s.k, s.ifsq, m));

    expect(s.call(0, "thread", () => ifsq_poll(s.k, s.ifsq))).toBe(m);
    expect(counters(s)).toEqual([2, 40, 1, 10]);
    expect([dequeue(s), dequeue(s)]).toEqual([2, 1]);
  });

  it("panics on a second prepended packet", () => {
    const s = still(4);
    const prepend = (): void => s.call(0, "thread", () => ifsq_prepend(s.k, s.ifsq, s.packet()));
    prepend();

    expect(prepend).toThrow("pending prepended mbuf");
  });

  it("purges the prepended packet and both lanes", () => {
    const s = still(4);
    enqueue(s, 10);
    enqueue(s, 10, M_PRIO);
    s.call(0, "thread", function* (): Routine<void> {
      yield* ifsq_prepend(s.k, s.ifsq, s.packet());
      yield* ifsq_purge(s.k, s.ifsq);
    });

    expect(s.k.mbufs.freedIds).toEqual([3, 2, 1]);
    expect(counters(s)).toEqual([0, 0, 0, 0]);
  });
});
