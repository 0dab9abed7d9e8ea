import { describe, expect, it } from "vitest";
import type { Failure } from "../sim/index.ts";
import { driverRoutine } from "../model/index.ts";
import { Guarded, Struct, Execution, Gate, RandomWalk, Recording, guardedBy, type Routine } from "../sim/index.ts";
import { fingerprint as fingerprintOf } from "./fingerprint.ts";
import { modelledNames, modelledStack, thrownStack, withLongStacks, type Stack } from "./stack.ts";

/** Routines of the driver begin with `nic` here. */
const stackOf = (names: readonly string[]): Stack =>
  names.map((routine) => ({ routine, driver: routine.startsWith("nic") }));

const fingerprint = (of: Failure, stacks: readonly (readonly string[])[], thrown?: readonly string[]): string =>
  fingerprintOf(of, stacks.map(stackOf), thrown === undefined ? null : stackOf(thrown));

const failure = (change: Partial<Failure> = {}): Failure => ({
  kind: "Violation",
  id: "no-lost-start",
  message: "A packet waits.",
  facts: [],
  ...change,
});

describe("the fingerprint of a failure in a context", () => {
  const stack = ["ifq_dispatch", "ifsq_enqueue"];

  it("depends on kind, id and routines", () => {
    const all = [
      fingerprint(failure(), [stack]),
      fingerprint(failure({ kind: "Panic" }), [stack]),
      fingerprint(failure({ id: "other" }), [stack]),
      fingerprint(failure(), [["ifq_handoff", "ifsq_enqueue"]]),
    ];

    expect(new Set(all).size).toBe(all.length);
    expect(all[0]).toMatch(/^[0-9a-f]{16}$/);
  });

  it("does not depend on the message, the facts, or how deep a routine recurses", () => {
    const told = failure({ message: "another scenario", facts: [["by", "sender 3"]] });

    expect(fingerprint(told, [["ifq_dispatch", "ifsq_enqueue", "ifsq_enqueue"]])).toBe(
      fingerprint(failure(), [stack]),
    );
  });
});

describe("the fingerprint of a promise broken at quiescence", () => {
  const broken = (value: string): string => fingerprint(failure({ facts: [["em0/0", value]] }), []);

  it("tells states of the same promise apart", () => {
    expect(broken("ifsq_started true")).not.toBe(broken("ifsq_started false"));
  });

  it("is told by all words when none is the kernel's", () => {
    const lost = (where: string): string => fingerprint(failure({ facts: [["lost with", where]] }), []);

    expect(lost("em0 tx0")).not.toBe(lost("em0 subq 0"));
    expect(lost("em0 tx0")).toBe(lost("em1 tx1"));
  });

  it("does not depend on numbers", () => {
    expect(broken("ifsq_len 1 ifsq_started true")).toBe(broken("ifsq_len 17 ifsq_started true"));
  });
});

describe("the fingerprint of a race", () => {
  const race = failure({ kind: "Race", id: "race", message: "em0/0 ifsq_cpuid: unordered" });

  it("is its field and its two sites, in either order", () => {
    const a = ["ifq_dispatch", "ifsq_sched"];
    const b = ["ifsq_set_cpuid"];

    expect(fingerprint(race, [a, b])).toBe(fingerprint(race, [b, a]));
    expect(fingerprint(race, [a, b])).not.toBe(fingerprint(race, [a, a]));
  });
});

describe("the fingerprint of a race with a driver", () => {
  const site = ["netmsg_service_loop", "if_route_dispatch"];
  const seen = (routine: string, access: string): string =>
    fingerprint(
      failure({ kind: "Race", message: "to em0 if_flags", facts: [["first", "store by netisr_cpu 0"], ["second", access]] }),
      [site, ["ithread_handler", routine]],
    );

  it("does not depend on which routine of the driver it is, but on whether it stores", () => {
    expect(seen("nicTxIntr", "load by ithread em0")).toBe(seen("nicStart", "load by thread 1"));
    expect(seen("nicStop", "store by thread 1")).not.toBe(seen("nicStop", "load by thread 1"));
    expect(seen("ifsq_devstart", "load by thread 1")).not.toBe(seen("nicStart", "load by thread 1"));
  });
});

describe("the fingerprint of freed memory that is used", () => {
  const used = failure({ kind: "Memory", id: "use-after-free", message: "em0 subq 0 ifsq_len used after free", sites: [7] });
  const freed = [["if_detach", "ifq_stage_detach", "lwkt_domsg"]];
  const handler = ["netmsg_service_loop", "ifsq_ifstart_dispatch"];

  it("is who uses it, whatever is touched first, and who freed it", () => {
    const one = fingerprint(used, freed, [...handler, "ifsq_serialize_hw", "lwkt_serialize_enter"]);
    const message = "em1 subq 2 ifsq_altq used after free";

    expect(fingerprint({ ...used, message }, [["if_detach"]], [...handler, "ifsq_dequeue"])).toBe(one);
    expect(fingerprint(used, freed, ["softclock_handler", "ifsq_watchdog", "ifsq_watchdog_reset"])).not.toBe(one);
    expect(fingerprint(used, [["if_free"]], handler)).not.toBe(one);
  });

  it("does without whoever freed a packet", () => {
    const packet = failure({ kind: "Memory", id: "use-after-free", message: "mbuf 2 read after free" });
    const one = fingerprint(packet, [["ifq_handoff", "ifsq_enqueue", "lwkt_send_ipiq"]], ["ifq_handoff"]);

    expect(fingerprint(packet, [["ifq_handoff", "ifsq_enqueue", "wakeup"]], ["ifq_handoff"])).toBe(one);
  });
});

describe("the modelled stack", () => {
  type Seen = (readonly string[])[];

  function* lwkt_serialize_enter(out: Seen): Generator<undefined, void> {
    yield;
    out.push(modelledNames(camelHelper));
    camelHelper(out);
  }
  function camelHelper(out: Seen): void {
    out.push(modelledNames(camelHelper));
  }
  function* ifq_dispatch(out: Seen): Generator<undefined, void> {
    yield* lwkt_serialize_enter(out);
  }
  function setThread(body: () => void): void {
    body();
  }

  it("ends where a thread was started inside another one's step", () => {
    const out: Seen = [];

    (function* lwkt_switch(): Generator {
      setThread(() => {
        (function wakeup(): void {
          camelHelper(out);
        })();
      });
    })().next();

    expect(out).toEqual([["wakeup"]]);
  });

  it("can be read off an error", () => {
    function* ifsq_dequeue(): Generator {
      yield* panic();
    }
    function* panic(): Generator {
      throw new Error("gone");
    }
    const thrown = ((): unknown => {
      try {
        return withLongStacks(() => ifsq_dequeue().next());
      } catch (error) {
        return error;
      }
    })();

    expect(thrownStack(thrown as Error)).toEqual(stackOf(["ifsq_dequeue", "panic"]));
  });

  it("is the kernel routines through yield*, outermost first", () => {
    const out: Seen = [];
    const thread = ifq_dispatch(out);

    thread.next();
    thread.next();

    expect(out[1]).toEqual(["ifq_dispatch", "lwkt_serialize_enter"]);
  });
});

describe("the modelled stack in a driver", () => {
  /** What a point in the routine sees, entered as the kernel enters a driver. */
  function seenIn(routine: (look: () => void) => Routine<void>): readonly string[] {
    const out: Stack[] = [];
    const look = (): void => {
      out.push(modelledStack(look));
    };
    (function* ifsq_devstart(): Generator {
      yield* driverRoutine(routine, [look]);
    })().next();
    return (out[0] ?? []).map(({ routine: name, driver }) => (driver ? `driver ${name}` : name));
  }

  it("has the methods of an object literal", () => {
    const driver = {
      *if_start(look: () => void): Routine<void> {
        yield* this.encap(look);
      },
      *encap(look: () => void): Routine<void> {
        look();
      },
    };

    expect(seenIn((look) => driver.if_start(look))).toEqual(["ifsq_devstart", "driver if_start", "driver encap"]);
  });

  it("has functions named like the kernel's, and methods of classes", () => {
    class Softc {
      *start(look: () => void): Routine<void> {
        look();
      }
    }
    function* wg_start(look: () => void): Routine<void> {
      yield* new Softc().start(look);
    }

    expect(seenIn(wg_start)).toEqual(["ifsq_devstart", "driver wg_start", "driver start"]);
  });

  it("has what runs inside the language's own methods", () => {
    const sendAll = (look: () => void): void => {
      ["ring"].forEach(() => {
        look();
      });
    };
    const start = function* (look: () => void): Routine<void> {
      sendAll(look);
    };

    expect(seenIn(start)).toEqual(["ifsq_devstart", "driver start", "driver sendAll"]);
  });

  it("is the kernel's again in what the driver calls", () => {
    function* nicStart(look: () => void): Routine<void> {
      yield* ifsq_dequeue(look);
    }
    function* ifsq_dequeue(look: () => void): Routine<void> {
      helper(look);
    }
    function helper(look: () => void): void {
      look();
    }

    expect(seenIn(nicStart)).toEqual(["ifsq_devstart", "driver nicStart", "ifsq_dequeue"]);
  });

  it("ends where the machine notices", () => {
    const x = new Execution(new RandomWalk(), new Recording());
    const struct = new Struct(x, "ring");
    const used = guardedBy(struct, new Gate(x, "lock"), 0);
    function txeof(): void {
      used.held = 1;
    }
    const thrown = ((): unknown => {
      try {
        return withLongStacks(() => driverRoutine(() => (function* (): Routine<void> { txeof(); })(), []).next());
      } catch (error) {
        return error;
      }
    })();

    expect(used).toBeInstanceOf(Guarded);
    expect(thrownStack(thrown as Error)).toEqual([{ routine: "txeof", driver: true }]);
  });
});
