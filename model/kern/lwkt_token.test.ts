import { describe, expect, it } from "vitest";
import { Op, type Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { Mtx, mtx_lock, mtx_unlock } from "./kern_mutex.ts";
import { tsleep, wakeup } from "./kern_synch.ts";
import { Serializer, lwkt_serialize_enter, lwkt_serialize_exit } from "./lwkt_serialize.ts";
import { spawnThread } from "./lwkt_thread.ts";
import {
  ASSERT_LWKT_TOKEN_HELD,
  get_mplock,
  lwkt_gettoken,
  lwkt_reltoken,
  lwkt_token_init,
  lwkt_trytoken,
  mp_token,
  rel_mplock,
  try_mplock,
} from "./lwkt_token.ts";
import { outcomes, runOnce } from "./test-kernel.ts";

describe("tokens", () => {
  it("are released while their holder sleeps, and it goes on only with all of them", () => {
    const seen = outcomes(300, (k) => {
      const token = lwkt_token_init(k, "tok");
      const log: string[] = [];
      const sleeper = spawnThread(k, "sleeper", 0, function* () {
        yield* lwkt_gettoken(k, token);
        yield* tsleep(k, k.clock, 0, "nap", 0);
        expect(token.t_owner).toBe(sleeper);
        log.push("sleeper");
        yield* lwkt_reltoken(k, token);
      });
      const other = spawnThread(k, "other", 1, function* () {
        while (sleeper.bucket === null) yield* k.x.pause(Op.Yield);
        yield* lwkt_gettoken(k, token);
        yield* wakeup(k, k.clock);
        yield* k.x.pause(Op.Yield);
        expect(token.t_owner).toBe(other);
        log.push("other");
        yield* lwkt_reltoken(k, token);
      });
      return () => log.join(" ");
    });
    expect([...seen.keys()]).toEqual(["other sleeper"]);
  });

  it("do not deadlock with a serializer taken in the other order, unlike a mutex", () => {
    const start = (lock: (k: Kernel) => Routine<void>, unlock: (k: Kernel) => Routine<void>) => (k: Kernel) => {
      const s = new Serializer(k, "s");
      spawnThread(k, "reader", 0, function* () {
        yield* lock(k);
        yield* lwkt_serialize_enter(k, s);
        yield* lwkt_serialize_exit(k, s);
        yield* unlock(k);
      });
      spawnThread(k, "output", 1, function* () {
        yield* lwkt_serialize_enter(k, s);
        yield* lock(k);
        yield* unlock(k);
        yield* lwkt_serialize_exit(k, s);
      });
      return () => "done";
    };
    const withToken = outcomes(500, start(
      function* (k) { yield* get_mplock(k); },
      function* (k) { yield* rel_mplock(k); },
    ));
    expect([...withToken.keys()]).toEqual(["done"]);
    const mutexes = new Map<Kernel, Mtx>();
    const mutexOf = (k: Kernel): Mtx => {
      const mtx = mutexes.get(k) ?? new Mtx(k, "m");
      mutexes.set(k, mtx);
      return mtx;
    };
    const withMutex = outcomes(500, start(
      function* (k) { yield* mtx_lock(k, mutexOf(k)); },
      function* (k) { yield* mtx_unlock(k, mutexOf(k)); },
    ));
    expect([...withMutex.keys()].sort()).toEqual(["done", "stuck: reader, output"]);
  });

  it("let other threads of the CPU run when one lacks its token", () => {
    const seen = outcomes(300, (k) => {
      const token = lwkt_token_init(k, "tok");
      const log: string[] = [];
      let held = false;
      spawnThread(k, "holder", 1, function* () {
        yield* lwkt_gettoken(k, token);
        held = true;
        while (!log.includes("other")) yield* k.x.pause(Op.Yield);
        log.push("holder");
        yield* lwkt_reltoken(k, token);
      });
      spawnThread(k, "lacks", 0, function* () {
        while (!held) yield* k.x.pause(Op.Yield);
        yield* lwkt_gettoken(k, token);
        log.push("lacks");
        yield* lwkt_reltoken(k, token);
      });
      spawnThread(k, "other", 0, function* () {
        yield* k.x.pause(Op.Yield);
        log.push("other");
      });
      return () => log.join(" ");
    });
    expect([...seen.keys()]).toEqual(["other holder lacks"]);
  });

  it("are reacquired all or nothing, recursively, and released in order", () => {
    const seen = outcomes(300, (k) => {
      const a = lwkt_token_init(k, "a");
      const b = lwkt_token_init(k, "b");
      let inside = 0;
      for (const [name, cpu, first, second] of [["x", 0, a, b], ["y", 1, b, a]] as const) {
        spawnThread(k, name, cpu, function* () {
          yield* lwkt_gettoken(k, first);
          yield* lwkt_gettoken(k, first);
          yield* lwkt_gettoken(k, second);
          expect(++inside).toBe(1);
          yield* k.x.pause(Op.Yield);
          inside--;
          for (const token of [second, first, first]) yield* lwkt_reltoken(k, token);
        });
      }
      return () => `${String(a.t_count)}${String(b.t_count)}`;
    });
    expect([...seen.keys()]).toEqual(["00"]);
    const { failure } = runOnce(1, (k) => {
      const a = lwkt_token_init(k, "a");
      spawnThread(k, "t", 0, function* () {
        yield* lwkt_gettoken(k, a);
        expect(yield* lwkt_trytoken(k, mp_token(k))).toBe(true);
        expect(yield* try_mplock(k)).toBe(true);
        ASSERT_LWKT_TOKEN_HELD(k, mp_token(k));
        yield* lwkt_reltoken(k, a);
      });
    });
    expect(failure?.id).toBe("lwkt-reltoken-illegal-release-of-token");
  });
});
