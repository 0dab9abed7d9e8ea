import { describe, expect, it } from "vitest";
import type { Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { lwkt_domsg, lwkt_replymsg, lwkt_sendmsg } from "../kern/lwkt_msgport.ts";
import { curthread } from "../kern/globaldata.ts";
import { spawnThread } from "../kern/lwkt_thread.ts";
import { ifnet_domsg, ifnet_forwardmsg, ifnet_sendmsg } from "./if_init.ts";
import { NetmsgBase, netmsg_init } from "./netmsg.ts";
import { netisr_cpuport, netisr_register_rollup, netmsg_service_sync } from "./netisr.ts";
import { StillMachine, walk } from "../test-context.ts";

/** An asynchronous message that notes that it was handled. */
function noting(k: Kernel, log: string[], name: string, flags = 0): NetmsgBase {
  const msg = new NetmsgBase(k, name);
  netmsg_init(k, msg, null, k.net.netisr_adone_rport, flags, (kk, m) => {
    log.push(name);
    return lwkt_replymsg(kk, m, 0);
  });
  return msg;
}

describe("a netisr", () => {
  it("runs the rollups when its port is empty or a batch is full, highest priority first (batch 2)", () => {
    const log: string[] = [];
    const { result } = walk(1, { params: { ncpus: 1, netisr_batch: 2 }, card: { interruptCpus: [0] } }, (kernel) => {
      for (const [name, prio] of [["low", 1], ["high", 200]] as const) {
        netisr_register_rollup(kernel, function* (): Routine<void> {
          log.push(name);
        }, prio);
      }
      spawnThread(kernel, "sender", 0, function* (k) {
        for (const name of ["a", "b", "c"]) yield* lwkt_sendmsg(k, netisr_cpuport(k, 0), noting(k, log, name));
      });
    });

    expect(result.failure).toBeNull();
    expect(log).toEqual(["a", "b", "high", "low", "c", "high", "low"]);
  });

  it("keeps its rollups in order of priority, first registered first among equals", () => {
    const { k } = new StillMachine();
    const before = k.net.netrulist.map(({ ru_prio }) => ru_prio);
    for (const prio of [200, 50, 10]) netisr_register_rollup(k, k.net.netrulist[0]!.ru_func, prio);

    expect(before).toEqual([50]);
    expect(k.net.netrulist.map(({ ru_prio }) => ru_prio)).toEqual([200, 50, 50, 10]);
  });

  it("handles a message that it sends to itself synchronously at once", () => {
    const s = new StillMachine();
    const log: string[] = [];
    s.call(0, "netisr", function* (): Routine<void> {
      const msg = new NetmsgBase(s.k, "self");
      netmsg_init(s.k, msg, null, curthread(s.k).td_msgport, 0, (k, m) => {
        log.push("handled");
        return lwkt_replymsg(k, m, 0);
      });
      yield* lwkt_domsg(s.k, netisr_cpuport(s.k, 0), msg, 0);
      log.push("returned");
    });

    expect(log).toEqual(["handled", "returned"]);
  });
});

describe("netmsg_service_sync", () => {
  it("visits netisrs, then ifnet threads, in order of registration", () => {
    const { k } = new StillMachine({ ncpus: 3 });

    expect(k.net.netreglist.map(({ label }) => label)).toEqual(
      ["netisr_cpu 0", "netisr_cpu 1", "netisr_cpu 2", "ifnet 0", "ifnet 1", "ifnet 2"].map((n) => `${n} port`),
    );
  });

  it("returns after everything that was queued before has been handled (30 walks)", () => {
    for (let seed = 0; seed < 30; seed++) {
      const log: string[] = [];
      const { result } = walk(seed, {}, (kernel) => {
        spawnThread(kernel, "sync", 0, function* (k) {
          yield* lwkt_sendmsg(k, netisr_cpuport(k, 1), noting(k, log, "before"));
          yield* netmsg_service_sync(k);
          log.push("synchronised");
        });
      });

      expect([result.failure, log]).toEqual([null, ["before", "synchronised"]]);
    }
  });
});

describe("an ifnet thread", () => {
  it("handles what is sent to it", () => {
    const log: string[] = [];
    const { result } = walk(1, {}, (kernel) => {
      spawnThread(kernel, "sender", 0, (k) => ifnet_sendmsg(k, noting(k, log, "sent"), 1));
    });

    expect([result.failure, log]).toEqual([null, ["sent"]]);
  });

  it("passes a message on to the next CPU, and the last replies", () => {
    const log: number[] = [];
    const { result } = walk(2, { params: { ncpus: 3 } }, (kernel) => {
      spawnThread(kernel, "caller", 2, function* (k) {
        const msg = new NetmsgBase(k, "chain");
        netmsg_init(k, msg, null, curthread(k).td_msgport, 0, (kk, m) => {
          const cpu = kk.x.current.cpu!.id;
          log.push(cpu);
          return ifnet_forwardmsg(kk, m, cpu + 1);
        });
        yield* ifnet_domsg(k, msg, 0);
        log.push(99);
      });
    });

    expect([result.failure, log]).toEqual([null, [0, 1, 2, 99]]);
  });
});
