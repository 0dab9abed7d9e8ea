import { describe, expect, it } from "vitest";
import { EHOSTUNREACH, EINVAL, ENETDOWN, ENETUNREACH, ENODEV, ENXIO } from "../kern/errno.ts";
import { PKTF_TX_COMPL_TS_REQ, type XnuMbuf } from "../kern/mbuf.ts";
import { list, runXnu, type TestMachine } from "../test-xnu.ts";
import type { Xnu } from "../xnu.ts";
import { if_down, ifnet_detach } from "./dlil_detach.ts";
import { dlil_output, type LoRoute } from "./dlil_output.ts";
import { ifnet_enqueue } from "./dlil_queue.ts";
import { LOOPBACK_CSUM } from "./if_loop.ts";
import { sysctl_dequeue_max, sysctl_dequeue_scidx, sysctl_sched_model } from "./if_loop_control.ts";

/** Sends one list of packets over lo0; what came of it. */
function sent(lengths: readonly number[], machine: TestMachine = {}, route: LoRoute = "up", each?: (m: XnuMbuf) => void) {
  const errors: number[] = [];
  const { xnu, result } = runXnu([function* (booted) {
    errors.push(yield* dlil_output(booted, booted.lo_ifp, "inet", list(booted, lengths, each), route));
  }], machine);
  return { xnu, result, errors };
}

const delivered = ({ delivered: packets }: Xnu): readonly unknown[] => packets.map(({ m, family }) => [m.m_pkthdr.len, family]);

const counters = ({ lo_ifp: ifp }: Xnu): readonly number[] =>
  [ifp.ifi_ipackets, ifp.ifi_ibytes, ifp.ifi_opackets, ifp.ifi_obytes].map((cell) => cell.peek());

describe("a list of packets over lo0", () => {
  it.each([true, false])("arrives whole and in order (lo_txstart %s)", (txstart) => {
    const { xnu, errors } = sent([100, 200, 300], { params: { txstart } });

    expect(errors).toEqual([0]);
    expect(delivered(xnu)).toEqual([[100, "inet"], [200, "inet"], [300, "inet"]]);
    expect(xnu.delivered.every(({ m }) => m.m_pkthdr.csum_flags === LOOPBACK_CSUM && m.m_pkthdr.csum_data === 0xffff)).toBe(true);
  });

  it("is counted without its headers with lo_txstart, and with them without", () => {
    expect(counters(sent([100, 200], { params: { txstart: true } }).xnu)).toEqual([2, 300, 2, 300]);
    expect(counters(sent([100, 200], { params: { txstart: false } }).xnu)).toEqual([2, 308, 2, 308]);
  });

  it("completes its first packet with lo_txstart, and each without", () => {
    const ask = (m: XnuMbuf): void => {
      m.m_pkthdr.pkt_flags |= PKTF_TX_COMPL_TS_REQ;
      m.m_pkthdr.pkt_compl_callbacks = 1;
      m.m_pkthdr.pkt_compl_context = m.id;
    };

    expect(sent([1, 1, 1], { params: { txstart: true } }, "up", ask).xnu.completions).toHaveLength(1);
    expect(sent([1, 1, 1], { params: { txstart: false } }, "up", ask).xnu.completions).toHaveLength(3);
  });

  it.each([["blackhole", 0], ["reject-host", EHOSTUNREACH], ["reject-net", ENETUNREACH]] as const)("goes nowhere by a route that is %s", (route, error) => {
    const { xnu, errors } = sent([1, 1], {}, route);

    expect(errors).toEqual([error]);
    expect([xnu.mbufs.freed.length, xnu.mbufs.live.size]).toEqual([2, 0]);
  });

  it("is delivered or freed where the queue holds one packet", () => {
    const { xnu } = sent([1, 1], { params: { dropLimit: 1 } });

    expect(xnu.mbufs.freed.length + xnu.delivered.length).toBe(2);
    expect(xnu.mbufs.live.size).toBe(xnu.delivered.length);
  });
});

describe("ifnet_enqueue", () => {
  const enqueued = (before: (xnu: Xnu) => Generator<undefined, unknown, void>, lengths: readonly number[]) => {
    const errors: number[] = [];
    const { xnu } = runXnu([function* (booted) {
      yield* before(booted);
      const m = list(booted, lengths);
      if (m !== null) errors.push(yield* ifnet_enqueue(booted, booted.lo1, m));
    }], { options: { second: true } });
    return [...errors, xnu.mbufs.freed.length];
  };
  const nothing = function* (xnu: Xnu) {
    yield* xnu.time.uptime.load();
  };

  it("refuses a list, freeing all of it", () => {
    expect(enqueued(nothing, [1, 1])).toEqual([EINVAL, 2]);
  });

  it("refuses an interface that is down", () => {
    expect(enqueued((xnu) => if_down(xnu, xnu.lo1), [1])).toEqual([ENETDOWN, 1]);
  });

  it("refuses an interface that is being detached", () => {
    expect(enqueued((xnu) => ifnet_detach(xnu, xnu.lo1), [1])).toEqual([ENXIO, 1]);
  });
});

describe("the sysctls of net.link.loopback", () => {
  const returned = (call: (xnu: Xnu) => Generator<undefined, number, void>, machine: TestMachine = {}) => {
    const errors: number[] = [];
    const { xnu } = runXnu([function* (booted) {
      errors.push(yield* call(booted));
    }], machine);
    return { error: errors[0], lo: xnu.lo };
  };

  it.each([[0, 1], [7, 7], [1000, 256]])("max_dequeue %s is %s", (value, stored) => {
    expect(returned((xnu) => sysctl_dequeue_max(xnu, value)).lo.lo_dequeue_max.peek()).toBe(stored);
  });

  it("sched_model takes 0 to 2, where there is a send queue", () => {
    expect(returned((xnu) => sysctl_sched_model(xnu, 2))).toMatchObject({ error: 0, lo: { lo_sched_model: { value: 2 } } });
    expect(returned((xnu) => sysctl_sched_model(xnu, 3)).error).toBe(EINVAL);
    expect(returned((xnu) => sysctl_sched_model(xnu, 1), { params: { txstart: false } }).error).toBe(ENXIO);
  });

  it("dequeue_sc takes an index, while the driver manages the classes", () => {
    expect(returned((xnu) => sysctl_dequeue_scidx(xnu, 10)).error).toBe(EINVAL);
    expect(returned((xnu) => sysctl_dequeue_scidx(xnu, 8)).error).toBe(ENODEV);
    expect(returned((xnu) => sysctl_dequeue_scidx(xnu, 8), { options: { model: 1 } }).lo.lo_dequeue_sc.peek()).toBe("VO");
  });
});
