import { describe, expect, it } from "vitest";
import { if_ring_count2, ifq_mapsubq_default, ifq_mapsubq_mask } from "./if_queue.ts";
import { StillMachine } from "../test-context.ts";

describe("if_ring_count2", () => {
  it("is the largest power of two within the request, the maximum and the CPUs (recorded rows)", () => {
    const { k } = new StillMachine({ ncpus: 4 });

    // [cnt, cnt_max, result] with ncpus2 4.
    const rows = [[-1, 1, 1], [0, 8, 4], [1, 8, 1], [3, 8, 2], [5, 8, 4], [9, 2, 2]] as const;
    expect(rows.map(([cnt, max]) => if_ring_count2(k, cnt, max))).toEqual(rows.map(([, , n]) => n));
  });

  it("panics on a maximum that is no power of two", () => {
    const { k } = new StillMachine();

    expect(() => if_ring_count2(k, 1, 3)).toThrow("invalid ring count max 3");
  });
});

describe("a send queue", () => {
  it("takes what the driver asks for plus what every CPU may stage (3 CPUs, 4 each)", () => {
    const { ifsq } = new StillMachine({ ncpus: 3, ifsq_stage_cntmax: 4 }, { queue: { qmax: 7 } });

    expect([ifsq.ifsq_maxlen.peek(), ifsq.ifsq_maxbcnt.peek()]).toEqual([19, 19 * 2048]);
  });

  it("maps CPUs to subqueues by mask, or all to the default one", () => {
    const { nic } = new StillMachine({ ncpus: 4 }, { subqs: 2, owners: [0, 1] });
    const ifq = nic.ifp.if_snd;

    expect([0, 1, 2, 3].map((cpu) => ifq_mapsubq_mask(ifq, cpu))).toEqual([0, 1, 0, 1]);
    expect(ifq_mapsubq_default(ifq, 3)).toBe(0);
  });
});
