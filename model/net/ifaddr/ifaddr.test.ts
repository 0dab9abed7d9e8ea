import { describe, expect, it } from "vitest";
import type { Routine } from "../../../sim/index.ts";
import type { Kernel } from "../../kernel.ts";
import { EVENTHANDLER_PRI_ANY, EVENTHANDLER_REGISTER } from "../../kern/eventhandler.ts";
import { spawnThread } from "../../kern/lwkt_thread.ts";
import { M_NOWAIT, M_WAITOK } from "../../sys/malloc.ts";
import { StillMachine, walk } from "../../test-context.ts";
import { altq_attach } from "../altq/altq_subr.ts";
import { detachDevice } from "../device-attach.ts";
import { NO_AFDATA, if_attachdomain } from "../domain.ts";
import type { Ifnet } from "../if_var.ts";
import { AF_LINK, Sockaddr, loadSockaddr, sockaddrIn } from "../sockaddr.ts";
import { rt_domsg_global, rtrequest } from "../route/rt_tables.ts";
import { RTM_ADD } from "../route/rtentry.ts";
import { lwkt_replymsg } from "../../kern/lwkt_msgport.ts";
import { curthread } from "../../kern/globaldata.ts";
import { NetmsgBase, netmsg_init } from "../netmsg.ts";
import { ifa_destroy, ifa_iflink, ifa_ifunlink } from "./ifa_chain.ts";
import { IFAFREE, IFAREF, familyOf, ifa_create } from "./ifa_ref.ts";
import { IFADDR_SIZE, type Ifaddr } from "./ifaddr.ts";
import { addressesOf, addressesOn } from "./views.ts";

const labels = (ifp: Ifnet): string[][] =>
  ifp.if_addrheads.peek().heads.map((head) => addressesOn(head).map((ifac) => ifac.ifa.peek().label));

const addresses = (k: Kernel): string[] => addressesOf(k).ifas.map(({ label }) => label);

function* make(k: Kernel, ifp: Ifnet, label: string): Routine<Ifaddr> {
  const ifa = (yield* ifa_create(k, IFADDR_SIZE, M_WAITOK, label))!;
  ifa.ifa_addr.fixed = new Sockaddr(k, label, sockaddrIn([10, 0, 0, 1]));
  ifa.ifa_ifp.fixed = ifp;
  return ifa;
}

describe("an attached interface", () => {
  it("has its link-level address first on every CPU's list, with its name, kind and index", () => {
    const { k, nic } = new StillMachine();
    const ifa = nic.ifp.if_lladdr.peek()!;
    const bytes = (ifa.ifa_addr.peek()!).sa_bytes.peek();
    const mask = (ifa.ifa_netmask.peek()!).sa_bytes.peek();

    expect(labels(nic.ifp)).toEqual([["em0 link"], ["em0 link"]]);
    expect(familyOf(k, ifa)).toBe(AF_LINK);
    expect([...bytes.slice(0, 11)]).toEqual([56, AF_LINK, 1, 0, 6, 3, bytes[6], 0, 101, 109, 48]);
    expect([mask[0], ...mask.slice(8, 12)]).toEqual([11, 0xff, 0xff, 0xff, 0]);
  });

  it("was announced, and its detach was too, to handlers in the order of their priority", () => {
    const said: string[] = [];
    const { result, k } = walk(1, {}, (kernel, nic) => {
      const tell = (name: string) => function* (_k: Kernel, ifp: Ifnet): Routine<void> {
        said.push(`${name} ${ifp.label}`);
      };
      EVENTHANDLER_REGISTER(kernel, kernel.net.ifnet_detach_event, tell("second"), EVENTHANDLER_PRI_ANY);
      EVENTHANDLER_REGISTER(kernel, kernel.net.ifnet_detach_event, tell("first"), 1);
      spawnThread(kernel, "detach", 1, (kk) => detachDevice(kk, nic));
    });

    expect([result.failure, said]).toEqual([null, ["first em0", "second em0"]]);
    expect(k.net.announced.map(({ message, what }) => `${message} ${what}`.trim())).toEqual([
      "devctl ATTACH",
      "RTM_IFANNOUNCE arrival",
      "RTM_IFINFO",
      "RTM_IFANNOUNCE departure",
      "devctl DETACH",
      "RTM_IFINFO",
    ]);
  });
});

describe("an address", () => {
  it("is linked at the tail of every list, unlinked, and gone with the last reference (20 walks)", () => {
    for (let seed = 0; seed < 20; seed++) {
      const seen: unknown[] = [];
      const { result, k } = walk(seed, {}, (kernel, { ifp }) => {
        spawnThread(kernel, "address", 1, function* (kk) {
          const ifa = yield* make(kk, ifp, "a");
          yield* ifa_iflink(kk, ifa, ifp, true);
          seen.push(labels(ifp));
          yield* IFAREF(kk, ifa);
          yield* ifa_ifunlink(kk, ifa, ifp);
          yield* ifa_destroy(kk, ifa);
          seen.push(labels(ifp), addresses(kk));
          yield* IFAFREE(kk, ifa);
        });
      });

      expect([seed, result.failure]).toEqual([seed, null]);
      expect(seen).toEqual([
        [["em0 link", "a"], ["em0 link", "a"]],
        [["em0 link"], ["em0 link"]],
        ["em0 link", "a"],
      ]);
      expect(addresses(k)).toEqual(["em0 link"]);
    }
  });

  it("is not freed twice, nor destroyed while it is linked", () => {
    const failureOf = (act: (k: Kernel, ifa: Ifaddr, ifp: Ifnet) => Routine<void>): string | undefined =>
      walk(1, {}, (kernel, { ifp }) => {
        spawnThread(kernel, "address", 1, function* (k) {
          const ifa = yield* make(k, ifp, "a");
          yield* act(k, ifa, ifp);
        });
      }).result.failure?.message;

    expect(failureOf(function* (k, ifa, ifp) {
      yield* ifa_iflink(k, ifa, ifp, false);
      yield* ifa_destroy(k, ifa);
    })).toBe("ifa is still on 0x1 lists");
    expect(failureOf(function* (k, ifa) {
      yield* IFAFREE(k, ifa);
      yield* IFAFREE(k, ifa);
    })).toBe('assertion "ifac->ifa_magic == IFA_CONTAINER_MAGIC" failed');
  });

  it("cannot always be had without waiting", () => {
    const s = new StillMachine({ nowaitFails: true });
    s.k.x.draw = () => 1;

    expect(s.call(0, "thread", () => ifa_create(s.k, IFADDR_SIZE, M_NOWAIT, "a"))).toBeNull();
    expect(() => s.call(0, "thread", () => ifa_create(s.k, 8, M_WAITOK, "a"))).toThrow("ifaddr size too small");
  });
});

describe("a detach", () => {
  it("deletes the routes over its interface on every CPU, and takes the discipline off (10 walks)", () => {
    for (let seed = 0; seed < 10; seed++) {
      const { result, k } = walk(seed, {}, (kernel, nic) => {
        spawnThread(kernel, "route and detach", 1, function* (kk) {
          yield* altq_attach(kk, nic.ifp.if_snd, "priq");
          const msg = new NetmsgBase(kk, "route");
          netmsg_init(kk, msg, null, curthread(kk).td_msgport, 0, addRoute(nic.ifp));
          yield* rt_domsg_global(kk, msg);
          yield* detachDevice(kk, nic);
        });
      });

      expect([seed, result.failure]).toEqual([seed, null]);
      expect(addresses(k)).toEqual([]);
      expect(k.net.rt_tables.flat().flatMap((rnh) => rnh?.routes ?? [])).toEqual([]);
    }
  });
});

const addRoute = (ifp: Ifnet) => function* (k: Kernel, msg: NetmsgBase): Routine<void> {
  const key = new Sockaddr(k, "10.0.0.9", sockaddrIn([10, 0, 0, 9]));
  const spec = { key, mask: null, gateway: null, flags: 0 };
  expect(yield* rtrequest(k, RTM_ADD, spec, ifp.if_lladdr.peek())).toBe(0);
  yield* loadSockaddr(k, key);
  yield* lwkt_replymsg(k, msg, 0);
};

describe("the domains", () => {
  it("take in the interfaces that were attached before them", () => {
    const s = new StillMachine();
    const { ifp } = s.nic;
    const kept = (): number => ifp.if_afdata.peek().filter((data) => data !== null).length;
    s.call(0, "thread", () => ifp.if_afdata.store(NO_AFDATA));

    expect(kept()).toBe(0);
    s.call(0, "thread", () => if_attachdomain(s.k));
    expect(kept()).toBe(1);
  });
});
