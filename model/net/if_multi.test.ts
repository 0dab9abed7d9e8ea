import { describe, expect, it } from "vitest";
import { RunFailure, type Step } from "../../sim/index.ts";
import { StillMachine } from "../test-context.ts";
import { if_addmulti, if_addmulti_serialized, if_delallmulti_serialized, if_delmulti, ifmaof_ifpforaddr } from "./if_multi.ts";
import { ifnet_deserialize_all, ifnet_serialize_all } from "./if_serialize.ts";
import { Sockaddr, hexOf, sockaddrDl, sockaddrIn, sockaddrIn6 } from "./sockaddr.ts";

class Machine extends StillMachine {
  run<T>(make: () => Step<T>): T {
    return this.call(0, "thread", make);
  }
  join(bytes: Uint8Array): number {
    return this.run(() => if_addmulti(this.k, this.nic.ifp, this.sa(bytes), null));
  }
  leave(bytes: Uint8Array): number {
    return this.run(() => if_delmulti(this.k, this.nic.ifp, this.sa(bytes)));
  }
  leaveAll(): void {
    this.run(() => ifnet_serialize_all(this.k, this.nic.ifp));
    this.run(() => if_delallmulti_serialized(this.k, this.nic.ifp));
    this.run(() => ifnet_deserialize_all(this.k, this.nic.ifp));
  }
  sa(bytes: Uint8Array): Sockaddr {
    return new Sockaddr(this.k, "sa", bytes);
  }
  /** Family and reference count of every membership. */
  get list(): string {
    return [...this.nic.ifp.if_multiaddrs.peek()]
      .map((ifma) => `${ifma.ifma_addr.peek().sa_bytes.peek()[1]}x${ifma.ifma_refcount.peek()}`)
      .join(" ");
  }
}

const GROUP = sockaddrIn([224, 0, 0, 1]);
/** Maps to the same link-level group. */
const ALIAS = sockaddrIn([225, 0, 0, 1]);
const LINK = sockaddrDl({ sdl_index: 1, sdl_type: 6, name: "", address: [1, 0, 0x5e, 0, 0, 1] });
const ALL6 = sockaddrIn6(new Array<number>(16).fill(0));
const MAPPED6 = sockaddrIn6([0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);

const failureOf = (run: () => unknown): string => {
  try {
    run();
    return "none";
  } catch (error) {
    if (!(error instanceof RunFailure)) throw error;
    return `${error.failure.kind} ${error.failure.id}`;
  }
};

describe("memberships", () => {
  it("share the link-level group they map to, and leave it together", () => {
    const machine = new Machine();
    const before = machine.k.ledger.live.size;
    expect([machine.join(GROUP), machine.join(ALIAS), machine.list]).toEqual([0, 0, "2x1 18x2 2x1"]);
    expect([machine.join(GROUP), machine.list]).toEqual([0, "2x1 18x2 2x2"]);
    expect([machine.leave(GROUP), machine.leave(GROUP), machine.list]).toEqual([0, 0, "2x1 18x1"]);
    expect([machine.leave(ALIAS), machine.list]).toEqual([0, ""]);
    // What the first of the two had resolved is never freed.
    expect(machine.k.ledger.live.size - before).toBe(1);
    expect(machine.leave(GROUP)).toBe(2);
  });

  it.each([
    ["IPv6", MAPPED6, 0, "18x1 28x1"],
    ["all of IPv6, past the counter", ALL6, 0, "28x1"],
    ["a link-level group", LINK, 0, "18x1"],
    ["a station", sockaddrDl({ sdl_index: 1, sdl_type: 6, name: "", address: [2, 0, 0, 0, 0, 1] }), 49, ""],
    ["a host", sockaddrIn([10, 0, 0, 1]), 49, ""],
    ["an IPv6 host", sockaddrIn6([0x20, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]), 49, ""],
    ["another family", Uint8Array.of(16, 7, ...new Array<number>(14).fill(0)), 47, ""],
  ])("of %s are resolved as on an Ethernet", (_what, bytes, error, list) => {
    const machine = new Machine();
    expect([machine.join(bytes), machine.list]).toEqual([error, list]);
  });

  it("are found, and handed to who joins", () => {
    const machine = new Machine();
    const { k, nic: { ifp } } = machine;
    const ret = { ifma: null };
    machine.run(() => if_addmulti(k, ifp, machine.sa(GROUP), ret));
    expect(machine.run(() => ifmaof_ifpforaddr(k, machine.sa(GROUP), ifp))).toBe(ret.ifma);
    const again = { ifma: null };
    machine.run(() => if_addmulti(k, ifp, machine.sa(GROUP), again));
    expect(again.ifma).toBe(ret.ifma);
    expect(machine.run(() => ifmaof_ifpforaddr(k, machine.sa(ALIAS), ifp))).toBe(null);
    expect(hexOf(GROUP)).toBe("10020000e00000010000000000000000");
  });

  it("lose one reference each when all are left", () => {
    const machine = new Machine();
    for (const group of [LINK, LINK, GROUP, ALIAS, ALIAS]) machine.join(group);
    machine.leaveAll();
    expect(machine.list).toBe("2x1 18x2");
  });
});

describe("the kernel's code faults", () => {
  it.each<readonly [string, string, (machine: Machine) => unknown]>([
    ["when a link-level group is left that only protocols have joined, and something is still on the list",
      "Memory out-of-bounds", (machine) => {
        machine.join(GROUP);
        machine.leave(LINK);
      }],
    ["not when nothing is left on the list: the junk is not followed", "none", (machine) => {
      machine.join(GROUP);
      machine.join(LINK);
      machine.leave(GROUP);
      machine.leave(LINK);
    }],
    ["with no address", "Memory null-dereference", (machine) => {
      machine.join(GROUP);
      machine.run(() => if_delmulti(machine.k, machine.nic.ifp, null));
    }],
    ["with less memory than the address says it has", "Memory out-of-bounds", (machine) =>
      machine.join(LINK.slice(0, 30))],
    ["without the serializers: its own assertion", "Panic", (machine) =>
      machine.run(() => if_addmulti_serialized(machine.k, machine.nic.ifp, machine.sa(GROUP), null))],
  ])("%s", (_what, failure, act) => {
    const machine = new Machine();
    expect(failureOf(() => act(machine))).toMatch(new RegExp(`^${failure}`));
  });

  it("where the driver takes no requests: joining is possible, leaving follows a null pointer", () => {
    const machine = new Machine();
    const { ifp } = machine.nic;
    Reflect.set(ifp.if_ioctl, "value", null);
    expect(machine.join(LINK)).toBe(0);
    expect(failureOf(() => machine.leave(LINK))).toBe("Memory null-dereference");
  });
});
