import { describe, expect, it } from "vitest";
import { Op, type Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { curthread } from "./globaldata.ts";
import {
  LwktMsg,
  LwktPort,
  MSGF_DONE,
  MSGF_PRIORITY,
  MSGF_SYNC,
  MSGPORTF_WAITING,
  lwkt_domsg,
  lwkt_forwardmsg,
  lwkt_getport,
  lwkt_initmsg,
  lwkt_initport_replyonly_null,
  lwkt_replymsg,
  lwkt_sendmsg,
  lwkt_sendmsg_oncpu,
  lwkt_waitmsg,
  lwkt_waitport,
} from "./lwkt_msgport.ts";
import {
  TDF_DAEMON,
  TDF_FIXEDCPU,
  TDF_FORCE_SPINPORT,
  lwkt_create,
  spawnThread,
  type Thread,
} from "./lwkt_thread.ts";
import { allOutcomes, outcomes, runOnce } from "./test-kernel.ts";
import { crit_enter, crit_exit } from "./thread2.ts";

/** A service thread with a spin port, or with a thread port, that hands every message to `handle`. */
function service(
  k: Kernel,
  cpu: number,
  handle: (msg: LwktMsg) => Routine<void>,
  flags = TDF_FORCE_SPINPORT | TDF_FIXEDCPU,
): Thread {
  return lwkt_create(k, function* () {
    const port = curthread(k).td_msgport;
    for (;;) yield* handle(yield* lwkt_waitport(k, port, 0));
  }, null, `service ${String(cpu)}`, cpu, TDF_DAEMON | flags);
}

function adone(k: Kernel): LwktPort {
  const port = new LwktPort(k, "adone");
  lwkt_initport_replyonly_null(k, port);
  return port;
}

function message(k: Kernel, label: string, rport: LwktPort, flags = 0): LwktMsg {
  const msg = new LwktMsg(k, label);
  lwkt_initmsg(k, msg, rport, flags);
  return msg;
}

describe.each([["spin", TDF_FORCE_SPINPORT | TDF_FIXEDCPU], ["thread", 0]] as const)("%s ports", (_kind, flags) => {
  it.each([0, 1])("lwkt_domsg to a service of CPU %i waits for the reply and returns its error", (cpu) => {
    const seen = outcomes(300, (k) => {
      const log: string[] = [];
      const { td_msgport: port } = service(k, cpu, function* (msg) {
        log.push("handled");
        yield* lwkt_replymsg(k, msg, 22);
      }, flags);
      spawnThread(k, "caller", 1, function* () {
        const msg = message(k, "msg", curthread(k).td_msgport);
        for (let i = 0; i < 2; i++) {
          const error = yield* lwkt_domsg(k, port, msg, 0);
          log.push(String(error), String((msg.ms_flags.peek() & MSGF_DONE) !== 0));
        }
      });
      return () => log.join(" ");
    });
    expect([...seen.keys()]).toEqual(["handled 22 true handled 22 true"]);
  });

  it("serve messages of one sender in order, priority first", () => {
    const seen = outcomes(300, (k) => {
      const log: string[] = [];
      const rport = adone(k);
      let gate = false;
      const { td_msgport: port } = service(k, 0, function* (msg) {
        while (!gate) yield* k.x.pause(Op.Yield);
        log.push(msg.label);
        yield* lwkt_replymsg(k, msg, 0);
      }, flags);
      spawnThread(k, "sender", 1, function* () {
        for (const name of ["a", "b", "P", "c", "Q"]) {
          yield* lwkt_sendmsg(k, port, message(k, name, rport, name < "a" ? MSGF_PRIORITY : 0));
        }
        gate = true;
      });
      return () => log.join("");
    });
    for (const order of seen.keys()) {
      expect(order.replace(/[PQ]/g, "")).toBe("abc");
      expect(order.replace(/[abc]/g, "")).toBe("PQ");
    }
    expect(seen.has("PQabc") || seen.has("aPQbc")).toBe(true);
  });

  it("asynchronous messages come back to the sender's port", () => {
    const seen = outcomes(200, (k) => {
      const log: string[] = [];
      const { td_msgport: port } = service(k, 0, function* (msg) {
        yield* lwkt_replymsg(k, msg, 0);
      }, flags);
      spawnThread(k, "sender", 1, function* () {
        const mine = curthread(k).td_msgport;
        const [a, b] = [message(k, "a", mine), message(k, "b", mine)];
        yield* lwkt_sendmsg(k, port, a);
        yield* lwkt_sendmsg(k, port, b);
        yield* lwkt_waitmsg(k, b, 0);
        const next = yield* lwkt_waitport(k, mine, 0);
        log.push(next.label, String((yield* lwkt_getport(k, mine))?.label));
      });
      return () => log.join(" ");
    });
    expect([...seen.keys()]).toEqual(["a undefined"]);
  });
});

describe("lwkt_sendmsg", () => {
  it("to a sleeping spin port wakes its owner by one IPI, sent by the first of several senders", () => {
    const seen = outcomes(300, (k) => {
      let handled = 0;
      let ipis = 0;
      const td = service(k, 0, function* () {
        handled++;
        yield* k.x.pause(Op.Yield);
      });
      for (const cpu of [1, 2]) {
        spawnThread(k, `sender ${String(cpu)}`, cpu, function* () {
          while (td.bucket === null && handled === 0) yield* k.x.pause(Op.Yield);
          yield* lwkt_sendmsg(k, td.td_msgport, message(k, `m${String(cpu)}`, adone(k)));
        });
      }
      return () => {
        ipis = k.gd.reduce((sum, gd) => sum + (gd.gd_ipiq[0]?.ip_windex ?? 0), 0);
        expect((td.td_msgport.mp_flags & MSGPORTF_WAITING) !== 0).toBe(true);
        return `${String(handled)} handled, ${ipis <= 2 ? "at most one IPI each" : "too many"}`;
      };
    }, { ncpus: 3 });
    expect([...seen.keys()]).toEqual(["2 handled, at most one IPI each"]);
  });

  it("of a message in flight panics", () => {
    const { failure } = runOnce(1, (k) => {
      const { td_msgport: port } = service(k, 0, function* () {
        yield* k.x.pause(Op.Yield);
      });
      spawnThread(k, "sender", 1, function* () {
        const msg = message(k, "m", adone(k));
        yield* lwkt_sendmsg(k, port, msg);
        yield* lwkt_sendmsg(k, port, msg);
      });
    });
    expect(failure?.id).toBe("lwkt-sendmsg-message-is-queued-or-not-done-or-has-no-rep");
  });

  it("_oncpu from another CPU panics", () => {
    const { failure } = runOnce(1, (k) => {
      const { td_msgport: port } = service(k, 0, function* () {
        yield* k.x.pause(Op.Yield);
      });
      spawnThread(k, "sender", 1, function* () {
        yield* lwkt_sendmsg_oncpu(k, port, message(k, "m", adone(k)));
      });
    });
    expect(failure?.id).toBe("lwkt-spin-putport-oncpu-port-is-not-on-this-cpu");
  });
});

describe("the reusable message", () => {
  /** What if_start does: send the CPU's message if it is done; the handler replies before it works. */
  const program = (crit: boolean, cpus: readonly number[]) => (k: Kernel) => {
    let handled = 0;
    const td = service(k, 0, function* (msg) {
      yield* crit_enter(k);
      yield* lwkt_replymsg(k, msg, 0);
      yield* crit_exit(k);
      handled++;
      yield* k.x.pause(Op.Yield);
    });
    const msg = message(k, "reusable", adone(k));
    cpus.forEach((cpu, i) => {
      spawnThread(k, `sender ${String(i)}`, cpu, function* () {
        if (crit) yield* crit_enter(k);
        if (((yield* msg.ms_flags.load()) & MSGF_DONE) !== 0) yield* lwkt_sendmsg(k, td.td_msgport, msg);
        if (crit) yield* crit_exit(k);
      });
    });
    return () => `handled ${String(handled)}`;
  };

  it("is safe on its own CPU: all schedules", () => {
    // The service runs when the first sender has ended, before the second: its priority is higher.
    expect([...allOutcomes(program(true, [0, 0]), {}, 3).keys()].sort()).toEqual(["handled 2"]);
  });

  it("is not when two CPUs test it", () => {
    const seen = outcomes(500, program(true, [0, 1]));
    expect([...seen.keys()].sort()).toEqual([
      "Panic: lwkt-sendmsg-message-is-queued-or-not-done-or-has-no-rep",
      "handled 1",
      "handled 2",
    ]);
  });

  it("can be sent again while its handler is still running", () => {
    const seen = outcomes(300, (k) => {
      let inside = 0;
      let nested = false;
      const rport = adone(k);
      const msg = message(k, "reusable", rport);
      const td = service(k, 0, function* (m) {
        yield* lwkt_replymsg(k, m, 0);
        inside++;
        yield* k.x.pause(Op.Yield);
        inside--;
      });
      spawnThread(k, "sender", 1, function* () {
        for (let i = 0; i < 2; i++) {
          while (((yield* msg.ms_flags.load()) & MSGF_DONE) === 0) yield* k.x.pause(Op.Yield);
          if (i === 1 && inside === 1) nested = true;
          yield* lwkt_sendmsg(k, td.td_msgport, msg);
        }
      });
      return () => String(nested);
    });
    expect([...seen.keys()].sort()).toEqual(["false", "true"]);
  });
});

describe("lwkt_forwardmsg", () => {
  it("keeps SYNC and PRIORITY; the reply goes to the originator, along a chain of services", () => {
    const seen = outcomes(300, (k) => {
      const log: string[] = [];
      const services: Thread[] = [0, 1, 2].map((cpu) => service(k, cpu, function* (msg) {
        log.push(String(cpu));
        expect(msg.ms_flags.peek() & (MSGF_SYNC | MSGF_PRIORITY)).toBe(MSGF_SYNC | MSGF_PRIORITY);
        const next = services[cpu + 1];
        if (next !== undefined) yield* lwkt_forwardmsg(k, next.td_msgport, msg);
        else yield* lwkt_replymsg(k, msg, 0);
      }));
      spawnThread(k, "caller", 1, function* () {
        const msg = message(k, "chain", curthread(k).td_msgport, MSGF_PRIORITY);
        yield* lwkt_domsg(k, (services[0] as Thread).td_msgport, msg, 0);
        log.push("done");
      });
      return () => log.join(" ");
    }, { ncpus: 3 });
    expect([...seen.keys()]).toEqual(["0 1 2 done"]);
  });

  it("of a message that is done panics", () => {
    const { failure } = runOnce(1, (k) => {
      const td = service(k, 0, function* () {
        yield* k.x.pause(Op.Yield);
      });
      spawnThread(k, "t", 1, function* () {
        yield* lwkt_forwardmsg(k, td.td_msgport, message(k, "m", adone(k)));
      });
    });
    expect(failure?.id).toBe("lwkt-forwardmsg-message-queued-or-done");
  });
});

describe("waiting for a reply that never comes", () => {
  it("names the service in the report", () => {
    const { stuck, k } = runOnce(1, (k0) => {
      const td = service(k0, 0, function* () {
        yield* k0.x.pause(Op.Yield);
      });
      spawnThread(k0, "caller", 1, function* () {
        yield* lwkt_domsg(k0, td.td_msgport, message(k0, "m", curthread(k0).td_msgport), 0);
      });
    });
    expect(stuck).toEqual(["caller"]);
    const wait = k.x.contexts.find(({ name }) => name === "caller")?.waitsFor?.();
    expect(wait?.for).toBe("reply to m");
    expect(wait?.heldBy?.name).toBe("service 0");
  });
});
