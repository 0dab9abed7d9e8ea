import { describe, expect, it } from "vitest";
import type { Context } from "./context.ts";
import { replay, type Program } from "./explorer.ts";
import type { Failure } from "./failure.ts";
import { Gate } from "./gate.ts";
import { Op, packOp } from "./operation.ts";
import type { Routine } from "./point.ts";
import { checkStuck, waitingForEnvironment } from "./stuck.ts";
import { crossedLocks } from "./test-programs.ts";

const failureOf = (program: Program, schedule: readonly number[] = []): Failure | null =>
  replay(program, { schedule, draws: [] }).failure;

describe("the stuck check", () => {
  it("prints the cycle of two locks taken in two orders", () => {
    // The first thread has taken a when the second begins.
    const failure = failureOf(crossedLocks, [3, 2]);

    expect(failure).toMatchObject({ kind: "Stuck", id: "deadlock", message: "2 contexts wait for each other." });
    expect(failure?.waits).toEqual([
      { context: "ab", for: "lock b", heldBy: "ba" },
      { context: "ba", for: "lock a", heldBy: "ab" },
    ]);
    expect(failure?.sites).toHaveLength(2);
  });

  it("passes the same program where nobody crosses", () => {
    expect(failureOf(crossedLocks)).toBeNull();
  });

  it("tells a context that waits for what it holds itself", () => {
    const failure = failureOf({
      setup(x) {
        const lock = new Gate(x, "lock");
        x.spawn("selfish", function* (): Routine<void> {
          yield* lock.acquire();
          yield* lock.acquire();
        });
      },
      atEnd: checkStuck,
    });

    expect(failure).toMatchObject({ id: "deadlock", message: "selfish waits for what it holds itself." });
  });

  it("keeps bystanders of a cycle as facts", () => {
    const failure = failureOf({
      setup(x) {
        const lock = new Gate(x, "lock");
        x.spawn("selfish", function* (): Routine<void> {
          yield* lock.acquire();
          yield* lock.acquire();
        });
        x.spawn("other", function* (): Routine<void> {
          yield* lock.acquire();
        });
      },
      atEnd: checkStuck,
    });

    expect(failure?.facts).toEqual([["other", "waits for lock"]]);
    expect(failure?.waits).toHaveLength(1);
  });

  it("calls a sleeper that nobody wakes a lost wakeup", () => {
    const failure = failureOf({
      setup(x) {
        const queue = x.register({ label: "queue" });
        x.spawn("sleeper", function* (): Routine<void> {
          yield* x.block(packOp(Op.Sleep, queue));
        });
      },
      atEnd: checkStuck,
    });

    expect(failure).toMatchObject({
      id: "lost-wakeup",
      waits: [{ context: "sleeper", for: "a wakeup", heldBy: null }],
    });
  });

  it("follows what a waiting context says of itself", () => {
    const failure = failureOf({
      setup(x) {
        const a = x.spawn("a", function* (): Routine<void> {
          yield* x.block(packOp(Op.Sleep, 0));
        });
        const b = x.spawn("b", function* (): Routine<void> {
          yield* x.block(packOp(Op.Sleep, 0));
        });
        a.waitsFor = () => ({ for: "a reply", heldBy: b });
        b.waitsFor = () => ({ for: "a token", heldBy: a });
      },
      atEnd: checkStuck,
    });

    expect(failure).toMatchObject({ id: "deadlock", waits: [{ for: "a reply" }, { for: "a token" }] });
  });

  it("lets a daemon wait for work, but not for a lock", () => {
    const daemon = (wait: (x: Parameters<Program["setup"]>[0]) => Routine<void>): Program => ({
      setup(x) {
        x.spawn("daemon", () => wait(x), { daemon: true });
      },
      atEnd: checkStuck,
    });

    expect(failureOf(daemon(function* (x) {
      yield* x.block(packOp(Op.Receive, 0));
    }))).toBeNull();
    expect(failureOf(daemon(function* (x) {
      const lock = new Gate(x, "lock");
      yield* lock.acquire();
      yield* lock.acquire();
    }))).toMatchObject({ id: "deadlock" });
  });

  describe("tells who waits for the environment", () => {
    const waits = (for_: string, heldBy: Context | null, environment = false) => () => ({ for: for_, heldBy, environment });

    /** A user holds a lock and waits; another waits for the lock; `environment`: somebody outside could answer the user. */
    const behindTheUser = (environment: boolean): Program => ({
      setup(x) {
        const lock = new Gate(x, "lock");
        const user = x.spawn("user", function* (): Routine<void> {
          yield* lock.acquire();
          yield* x.block(packOp(Op.Sleep, 0));
        });
        user.waitsFor = waits("a key press", null, environment);
        x.spawn("behind", function* (): Routine<void> {
          yield* lock.acquire();
        });
      },
      atEnd(x) {
        waiting.push(waitingForEnvironment(x).map(({ name }) => name));
        checkStuck(x);
      },
    });
    const waiting: (readonly string[])[] = [];

    it("from a lost wakeup, also behind a lock", () => {
      expect(failureOf(behindTheUser(true))).toBeNull();
      expect(failureOf(behindTheUser(false))).toMatchObject({ id: "lost-wakeup", waits: [{ context: "user" }, { context: "behind" }] });
      expect(waiting).toEqual([["user", "behind"], []]);
    });

    it("and from a deadlock that is none of the environment's business", () => {
      const failure = failureOf({
        setup(x) {
          const block = function* (): Routine<void> {
            yield* x.block(packOp(Op.Sleep, 0));
          };
          const [a, b, user] = ["a", "b", "user"].map((name) => x.spawn(name, block)) as [Context, Context, Context];
          a.waitsFor = waits("a reply", b);
          b.waitsFor = waits("a token", a);
          user.waitsFor = waits("a key press", null, true);
        },
        atEnd: checkStuck,
      });

      expect(failure).toMatchObject({ id: "deadlock", facts: [], waits: [{ context: "a" }, { context: "b" }] });
    });
  });
});
