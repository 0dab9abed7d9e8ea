import { describe, expect, it } from "vitest";
import { Struct, UNWRITTEN, frozen, word, type Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { M_NOWAIT, M_TEMP, M_WAITOK, M_ZERO, M_DEVBUF } from "../sys/malloc.ts";
import { M_BCAST, M_HASH, M_PRIO, m_free, m_freem, m_gethdr } from "../sys/mbuf.ts";
import {
  SLIST_FIRST,
  SLIST_INSERT_HEAD,
  SLIST_REMOVE_HEAD,
  STAILQ_FIRST,
  STAILQ_INSERT_TAIL,
  STAILQ_REMOVE_HEAD,
  Slist,
  Stailq,
  TAILQ_EMPTY,
  TAILQ_FIRST,
  TAILQ_INSERT_HEAD,
  TAILQ_INSERT_TAIL,
  TAILQ_NEXT,
  TAILQ_REMOVE,
  Tailq,
  TailqEntry,
} from "../sys/queue.ts";
import { kfree, kmalloc, kmallocNowait } from "./kern_slaballoc.ts";
import { spawnThread } from "./lwkt_thread.ts";
import { outcomes, runOnce } from "./test-kernel.ts";

class Thing extends Struct {
  readonly count = word<number>(this, UNWRITTEN);
  readonly name = frozen<string>(this, "thing");
}

/** The failure of a thread body, as kind and id. */
function failureOf(body: (k: Kernel) => Routine<void>): string {
  const { failure } = runOnce(1, (k) => spawnThread(k, "t", 0, body));
  return failure === null ? "none" : `${failure.kind} ${failure.id}`;
}

const make = (k: Kernel) => () => new Thing(k.x, "a thing");

describe("kmalloc and kfree", () => {
  it("find use after free, with both sites", () => {
    const { failure } = runOnce(1, (k) => spawnThread(k, "t", 0, function* () {
      const thing = yield* kmalloc(k, M_TEMP, M_WAITOK | M_ZERO, make(k));
      yield* kfree(k, thing, M_TEMP);
      yield* thing.count.load();
    }));
    expect(failure?.id).toBe("use-after-free");
    expect(failure?.facts.map(([label]) => label)).toEqual(["object", "by", "allocated", "freed"]);
  });

  it.each([
    ["Memory bad-free", function* (k: Kernel): Routine<void> {
      const thing = yield* kmalloc(k, M_TEMP, M_WAITOK, make(k));
      yield* kfree(k, thing, M_TEMP);
      yield* kfree(k, thing, M_TEMP);
    }],
    ["Panic kfree-bad-malloc-type", function* (k: Kernel): Routine<void> {
      yield* kfree(k, yield* kmalloc(k, M_TEMP, M_WAITOK, make(k)), M_DEVBUF);
    }],
    ["Panic kfree-trying-to-free-null-pointer", function* (k: Kernel): Routine<void> {
      yield* kfree(k, null, M_TEMP);
    }],
    ["Memory uninitialised-read", function* (k: Kernel): Routine<void> {
      yield* (yield* kmalloc(k, M_TEMP, M_WAITOK, make(k))).count.load();
    }],
    ["none", function* (k: Kernel): Routine<void> {
      expect(yield* (yield* kmalloc(k, M_TEMP, M_WAITOK | M_ZERO, make(k))).count.load()).toBe(0);
    }],
  ])("%s", (expected, body) => {
    expect(failureOf(body)).toBe(expected);
  });

  it("leaks are found at the end, what is permanent is none", () => {
    const { k } = runOnce(1, (k0) => spawnThread(k0, "t", 0, function* () {
      yield* kmalloc(k0, M_TEMP, M_WAITOK, make(k0));
      k0.ledger.makePermanent();
      yield* kmalloc(k0, M_TEMP, M_WAITOK, make(k0));
    }));
    expect(k.ledger.leaks().map(([struct]) => struct.label)).toEqual(["a thing"]);
    expect(() => k.ledger.assertNoLeaks()).toThrow(/leak/);
  });

  it("an allocation that may not wait fails only where faults allow it", () => {
    const program = (nowaitFails: boolean) => outcomes(30, (k) => {
      let got = "";
      spawnThread(k, "t", 0, function* () {
        got = String(kmallocNowait(k, M_TEMP, M_NOWAIT, make(k)) === null);
        yield* k.x.pause(27);
      });
      return () => got;
    }, { nowaitFails });
    expect([...program(false).keys()]).toEqual(["false"]);
    expect([...program(true).keys()].sort()).toEqual(["false", "true"]);
  });

  it("an allocation that may wait lets other threads of its CPU run", () => {
    const seen = outcomes(30, (k) => {
      const log: string[] = [];
      spawnThread(k, "a", 0, function* () {
        yield* kmalloc(k, M_TEMP, M_WAITOK, make(k));
        log.push("a");
      });
      spawnThread(k, "b", 0, function* () {
        yield* k.x.pause(27);
        log.push("b");
      });
      return () => log.join("");
    }, { waitokBlocks: true });
    expect([...seen.keys()].sort()).toEqual(["ab", "ba"]);
  });
});

describe("mbufs", () => {
  it("have one owner, and are counted", () => {
    const { k, failure } = runOnce(1, (k0) => spawnThread(k0, "t", 0, function* () {
      const m = m_gethdr(k0, M_WAITOK, { id: 1, len: 100, flags: M_PRIO, owner: "stack" });
      m.handOver("stack", "ifsq em0/0");
      expect(k0.mbufs.byOwner().get("ifsq em0/0")).toEqual([m]);
      m_freem(k0, m, "ifsq em0/0");
      yield* k0.x.pause(27);
    }));
    expect(failure).toBeNull();
    expect([k.mbufs.made, k.mbufs.freed, k.mbufs.live.size]).toEqual([1, 1, 0]);
  });

  it.each([
    ["Discipline mbuf-owner", (k: Kernel) => m_gethdr(k, M_WAITOK, { id: 1, len: 1, owner: "a" }).handOver("b", "c")],
    ["Discipline mbuf-owner", (k: Kernel) => m_freem(k, m_gethdr(k, M_WAITOK, { id: 1, len: 1, owner: "a" }), "b")],
    ["Memory use-after-free", (k: Kernel) => {
      const m = m_gethdr(k, M_WAITOK, { id: 1, len: 1, owner: "a" });
      m_freem(k, m);
      return m.m_pkthdr.len;
    }],
    ["Panic m-free-freeing-a-free-mbuf", (k: Kernel) => {
      const m = m_gethdr(k, M_WAITOK, { id: 1, len: 1, owner: "a" });
      m_freem(k, m);
      m_freem(k, m);
    }],
  ])("%s", (expected, act) => {
    expect(failureOf(function* (k) {
      act(k);
      yield* k.x.pause(27);
    })).toBe(expected);
  });

  it("a packet of several buffers is freed whole, first to last, what follows on the queue is not", () => {
    const { k } = runOnce(1, (k0) => spawnThread(k0, "t", 0, function* () {
      const [a, b, c] = [1, 2, 3].map((id) => m_gethdr(k0, M_WAITOK, { id, len: 1, owner: "x" }));
      if (a === undefined || b === undefined || c === undefined) return;
      a.m_flags |= M_BCAST | M_HASH;
      a.m_next = b;
      a.m_nextpkt = c;
      m_freem(k0, a);
      expect(m_free(k0, c)).toBeNull();
      yield* k0.x.pause(27);
    }));
    expect(k.mbufs.freedIds).toEqual([1, 2, 3]);
  });
});

describe("lists", () => {
  class Item {
    readonly links = new TailqEntry<Item>();
    readonly name: string;
    constructor(name: string) {
      this.name = name;
    }
  }
  const names = (list: Tailq<Item>): string => [...list].map(({ name }) => name).join("");
  const [a, b, c] = ["a", "b", "c"].map((name) => new Item(name)) as [Item, Item, Item];

  it("TAILQ keeps order under insertion and removal at both ends and in the middle", () => {
    const list = new Tailq<Item>("list", ({ links }) => links);
    TAILQ_INSERT_TAIL(list, b);
    TAILQ_INSERT_TAIL(list, c);
    TAILQ_INSERT_HEAD(list, a);
    expect([names(list), TAILQ_FIRST(list), TAILQ_NEXT(list, a)]).toEqual(["abc", a, b]);
    for (const item of [b, c, a]) TAILQ_REMOVE(list, item);
    expect([names(list), list.tqh_last, TAILQ_EMPTY(list)]).toEqual(["", null, true]);
  });

  it("refuse double insertion and removal from another list", () => {
    const list = new Tailq<Item>("list", ({ links }) => links);
    const other = new Tailq<Item>("other", ({ links }) => links);
    TAILQ_INSERT_TAIL(list, a);
    expect(() => TAILQ_INSERT_TAIL(other, a)).toThrow(/list-corruption/);
    expect(() => TAILQ_REMOVE(other, a)).toThrow(/list-corruption/);
    TAILQ_REMOVE(list, a);
    expect(() => TAILQ_REMOVE(list, a)).toThrow(/list-corruption/);
  });

  it("STAILQ is first in first out, SLIST last in first out", () => {
    const queue = new Stailq<Item>("queue", ({ links }) => links);
    for (const item of [a, b]) STAILQ_INSERT_TAIL(queue, item);
    expect(STAILQ_FIRST(queue)).toBe(a);
    STAILQ_REMOVE_HEAD(queue);
    STAILQ_REMOVE_HEAD(queue);
    const stack = new Slist<Item>("stack", ({ links }) => links);
    for (const item of [a, b]) SLIST_INSERT_HEAD(stack, item);
    expect(SLIST_FIRST(stack)).toBe(b);
    SLIST_REMOVE_HEAD(stack);
    SLIST_REMOVE_HEAD(stack);
    expect(() => SLIST_REMOVE_HEAD(stack)).toThrow(/list-corruption/);
  });
});
