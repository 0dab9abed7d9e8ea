import { describe, expect, it } from "vitest";
import type { Routine } from "../../sim/index.ts";
import { nicDriver } from "../dev/nic.ts";
import type { Device } from "./device.ts";
import { attachDevice, detachDevice, upDevice } from "./device-attach.ts";
import type { Kernel } from "../kernel.ts";
import { spawnThread } from "../kern/lwkt_thread.ts";
import { M_WAITOK } from "../sys/malloc.ts";
import { m_gethdr } from "../sys/mbuf.ts";
import { ifnet_array_get, ifnet_byindex, ifnet_array_isempty } from "./if_array.ts";
import { ifq_dispatch } from "./if_dispatch.ts";
import { ifnet_lock } from "./if_lock.ts";
import { ifunit } from "./if_list.ts";
import type { Ifnet } from "./if_var.ts";
import { CARD, StillMachine, walk } from "../test-context.ts";
import { interfaces } from "./views.ts";

const names = (k: Kernel): readonly string[] => interfaces(k).map(({ if_xname }) => if_xname);

function* attach(k: Kernel, unit: number): Routine<Device> {
  const nic = yield* attachDevice(k, nicDriver, { ...CARD, unit, completions: "card" });
  yield* upDevice(k, nic);
  return nic;
}

describe("if_attach", () => {
  it("makes an interface known to the list, the array and the index table", () => {
    const { k, nic } = new StillMachine();
    const arr = k.net.ifnet_array.peek();

    expect(names(k)).toEqual(["em0"]);
    expect([arr.ifnet_count.peek(), arr.ifnet_arr[0]!.peek()]).toEqual([1, nic.ifp]);
    expect([k.net.if_index.peek(), k.net.ifindex2ifnet.peek()!.slots.length]).toEqual([1, 16]);
  });

  it("grows the index table at 16 interfaces and frees the old one after the sync", () => {
    const { result, k } = walk(1, {}, (kernel) => {
      spawnThread(kernel, "attach", 0, function* (kk) {
        for (let unit = 1; unit <= 16; unit++) yield* attachDevice(kk, nicDriver, { ...CARD, unit });
      });
    });

    expect(result.failure).toBeNull();
    expect([k.net.if_index.peek(), k.net.ifindex2ifnet.peek()!.slots.length]).toEqual([17, 32]);
    expect([...k.ledger.live.keys()].filter(({ label }) => label === "ifindex2ifnet")).toHaveLength(1);
    expect([...k.ledger.live.keys()].filter(({ label }) => label === "ifnet_array")).toHaveLength(1);
  });
});

describe("if_detach", () => {
  it("takes the interface out of everything and frees what attach allocated (20 walks)", () => {
    for (let seed = 0; seed < 20; seed++) {
      const { result, k } = walk(seed, {}, (kernel) => {
        spawnThread(kernel, "churn", 1, function* (kk) {
          for (const unit of [1, 2]) yield* detachDevice(kk, yield* attach(kk, unit));
        });
      });

      expect([seed, result.failure]).toEqual([seed, null]);
      expect([names(k), k.net.if_index.peek()]).toEqual([["em0"], 1]);
      const left = [...k.ledger.live.keys()].filter(({ label }) => /^em[12]/.test(label));
      expect(left).toEqual([]);
    }
  });

  it("lowers if_index past the holes", () => {
    const { result, k } = walk(3, {}, (kernel) => {
      spawnThread(kernel, "churn", 0, function* (kk) {
        const [one, two] = [yield* attach(kk, 1), yield* attach(kk, 2)];
        yield* detachDevice(kk, one);
        yield* detachDevice(kk, two);
      });
    });

    expect([result.failure, k.net.if_index.peek()]).toEqual([null, 1]);
  });

  it("frees what the sync proves nobody reads: netisrs walk the array meanwhile (40 walks)", () => {
    for (let seed = 0; seed < 40; seed++) {
      const { result } = walk(seed, {}, (kernel, nic) => {
        spawnThread(kernel, "detach", 0, (k) => detachDevice(k, nic));
        for (const cpu of [0, 1]) spawnThread(kernel, `attach ${cpu}`, cpu, (k) => onceAttached(k, cpu + 1));
      });

      expect([seed, result.failure]).toEqual([seed, null]);
    }
  });
});

function* onceAttached(k: Kernel, unit: number): Routine<void> {
  yield* attach(k, unit);
}

describe("the interface array", () => {
  it("is for netisrs only", () => {
    const s = new StillMachine();

    expect(() => s.call(0, "thread", () => ifnet_array_get(s.k))).toThrow("not in netisr");
    expect(s.call(0, "netisr", () => ifnet_array_isempty(s.k))).toBe(false);
    expect(s.call(0, "netisr", () => ifnet_byindex(s.k, 1))).toBe(s.nic.ifp);
    expect(s.call(0, "netisr", () => ifnet_byindex(s.k, 2))).toBeNull();
  });
});

describe("the ifnet lock", () => {
  it("is refused to netisrs", () => {
    const s = new StillMachine();

    expect(() => s.call(0, "netisr", () => ifnet_lock(s.k))).toThrow("try holding ifnet lock in netisr");
  });

  it("is needed to find an interface by name", () => {
    const s = new StillMachine();

    expect(() => ifunit(s.k, "em0")).toThrow("ifnet is not locked");
    const found = s.call(0, "thread", function* (): Routine<Ifnet | null> {
      yield* ifnet_lock(s.k);
      return ifunit(s.k, "em0");
    });
    expect(found).toBe(s.nic.ifp);
  });
});

describe("a packet for an interface that was detached", () => {
  it("is a use after free", () => {
    const { result } = walk(1, {}, (kernel, nic) => {
      spawnThread(kernel, "detach", 0, function* (k) {
        yield* detachDevice(k, nic);
        const m = m_gethdr(k, M_WAITOK, { id: 1, len: 100, owner: "detach" });
        yield* ifq_dispatch(k, nic.ifp, m, null);
      });
    });

    expect(result.failure?.id).toBe("use-after-free");
  });
});
