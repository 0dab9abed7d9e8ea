import { describe, expect, it } from "vitest";
import type { Step } from "../../sim/index.ts";
import { StillMachine } from "../test-context.ts";
import { if_allmulti, ifpromisc } from "./if_promisc.ts";
import { IFF_ALLMULTI, IFF_PPROMISC, IFF_PROMISC, IFF_UP } from "./if_var.ts";

class Machine extends StillMachine {
  run<T>(make: () => Step<T>): T {
    return this.call(0, "thread", make);
  }
  promisc(on: boolean): number {
    return this.run(() => ifpromisc(this.k, this.nic.ifp, on));
  }
  allmulti(on: boolean): number {
    return this.run(() => if_allmulti(this.k, this.nic.ifp, on));
  }
  flag(flag: number, on: boolean): void {
    const { if_flags } = this.nic.ifp;
    this.run(() => if_flags.store(on ? if_flags.peek() | flag : if_flags.peek() & ~flag));
  }
  /** The driver says no to its next request. */
  refuse(): void {
    Reflect.set(this.nic.filter.refusals, "value", 1);
  }
  get state(): string {
    const { if_flags, if_pcount, if_amcount } = this.nic.ifp;
    const is = (flag: number): string => ((if_flags.peek() & flag) === 0 ? "off" : "on");
    return `promisc ${if_pcount.peek()} ${is(IFF_PROMISC)}, allmulti ${if_amcount.peek()} ${is(IFF_ALLMULTI)}`;
  }
}

describe("modes", () => {
  it("are on while somebody wants them", () => {
    const machine = new Machine();
    const before = machine.k.net.announced.length;
    const seen = [
      [machine.promisc(true), machine.state],
      [machine.promisc(true), machine.state],
      [machine.allmulti(true), machine.state],
      [machine.allmulti(true), machine.state],
      [machine.promisc(false), machine.state],
      [machine.promisc(false), machine.state],
      [machine.allmulti(false), machine.state],
      [machine.allmulti(false), machine.state],
    ];
    expect(seen).toEqual([
      [0, "promisc 1 on, allmulti 0 off"],
      [0, "promisc 2 on, allmulti 0 off"],
      [0, "promisc 2 on, allmulti 1 on"],
      [0, "promisc 2 on, allmulti 2 on"],
      [0, "promisc 1 on, allmulti 2 on"],
      [0, "promisc 0 off, allmulti 2 on"],
      [0, "promisc 0 off, allmulti 1 on"],
      [0, "promisc 0 off, allmulti 0 off"],
    ]);
    // Every change of if_allmulti is announced, of ifpromisc only the first and the last.
    expect(machine.k.net.announced.length - before).toBe(2 + 4);
  });

  it("cannot be promiscuous while the interface is down", () => {
    const machine = new Machine();
    machine.flag(IFF_UP, false);
    expect([machine.promisc(true), machine.state]).toEqual([50, "promisc 0 off, allmulti 0 off"]);
    expect([machine.allmulti(true), machine.state]).toEqual([0, "promisc 0 off, allmulti 1 on"]);
  });

  it("are counted and nothing else while a user has it promiscuous for good", () => {
    const machine = new Machine();
    machine.flag(IFF_PPROMISC, true);
    expect([machine.promisc(true), machine.promisc(false), machine.promisc(false), machine.state]).toEqual([
      0, 0, 0, "promisc -1 off, allmulti 0 off",
    ]);
  });

  it("keep the count where the driver says no: the flag of one is put back, of the other it stays", () => {
    const machine = new Machine();
    machine.refuse();
    expect([machine.promisc(true), machine.state]).toEqual([5, "promisc 1 off, allmulti 0 off"]);
    machine.refuse();
    expect([machine.allmulti(true), machine.state]).toEqual([5, "promisc 1 off, allmulti 1 on"]);
    machine.refuse();
    expect([machine.allmulti(false), machine.state]).toEqual([5, "promisc 1 off, allmulti 0 off"]);
  });
});
