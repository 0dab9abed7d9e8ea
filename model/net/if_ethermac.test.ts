import { describe, expect, it } from "vitest";
import type { Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { ENOENT } from "../sys/errno.ts";
import { StillMachine } from "../test-context.ts";
import { Arpcom } from "./if_ether.ts";
import { if_getanyethermac } from "./if_ethermac.ts";
import type { Ifnet } from "./if_var.ts";
import { SDL_DATA, loadSockaddr, storeSockaddr } from "./sockaddr.ts";

const MAC = [2, 0, 0, 0, 0, 7];

/** As an Ethernet's driver leaves it. */
function* setAddress(k: Kernel, ifp: Ifnet): Routine<void> {
  const sdl = (yield* ifp.if_lladdr.load())!.ifa_addr.fixed!;
  const bytes = (yield* loadSockaddr(k, sdl)).slice();
  bytes[6] = MAC.length;
  bytes.set(MAC, SDL_DATA + ifp.if_xname.length);
  yield* storeSockaddr(k, sdl, bytes);
  yield* Arpcom.of(k, ifp).ac_enaddr.store(Uint8Array.from(MAC));
}

describe("if_getanyethermac", () => {
  const machine = new StillMachine();
  const { k, nic } = machine;
  const get = (minlen: number, room = 8): readonly [error: number, node: readonly number[]] => {
    const node = new Uint8Array(room);
    return [machine.call(0, "thread", () => if_getanyethermac(k, node, minlen)), [...node]];
  };

  it("says that there is none as long as wanted", () => {
    expect(get(6)).toEqual([ENOENT, Array<number>(8).fill(0)]);
    machine.call(0, "thread", () => setAddress(k, nic.ifp));
    expect(get(7)).toEqual([ENOENT, Array<number>(8).fill(0)]);
  });

  it("copies as much as wanted of the first one", () => {
    expect(get(6)).toEqual([0, [...MAC, 0, 0]]);
    expect(get(2)).toEqual([0, [2, 0, 0, 0, 0, 0, 0, 0]]);
  });

  it("fails where the address or the memory for it ends", () => {
    expect(() => get(-1)).toThrow(/out-of-bounds: .*ac_enaddr accessed past its end/);
    const broken = new StillMachine();
    broken.call(0, "thread", () => setAddress(broken.k, broken.nic.ifp));
    expect(() => broken.call(0, "thread", () => if_getanyethermac(broken.k, new Uint8Array(4), 6)))
      .toThrow(/out-of-bounds: node accessed past its end/);
  });
});
