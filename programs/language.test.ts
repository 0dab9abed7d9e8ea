// What the ops mean, on programs small enough to count by hand.
import { describe, expect, it } from "vitest";
import { RandomWalk, checkStuck, explore, type Execution } from "../sim/index.ts";
import { Compiled } from "./compile.ts";
import { countTraces } from "./count.ts";
import { parsePseudo } from "./pseudo.ts";
import { readProgram, readThreads } from "./reading.ts";

const count = (text: string): unknown => countTraces(new Compiled(readThreads({}, parsePseudo(text))));

describe("traces", () => {
  it.each([
    // The signal finds nobody, or the sleeper (Nidhugg, SC_test.cpp, Condvar_3 and Condvar_8).
    ["lock m; condwait c m; unlock m | cbcast c", { complete: 2, blocked: 0 }],
    ["lock m; condwait c m; unlock m | csignal c", { complete: 2, blocked: 0 }],
    // With the mutex held (Condvar_1): waits, or need not.
    ["lock m; r<-x; if r==0 {condwait c m}; unlock m | lock m; x:=1; csignal c; unlock m", { complete: 2, blocked: 0 }],
    // Signals that wake nobody commute.
    ["csignal c | csignal c | cbcast c", { complete: 1, blocked: 0 }],
    // Who waits for a mutex or a value for ever is blocked, also while others join it.
    ["lock a; lock b; unlock b; unlock a | lock b; lock a; unlock a; unlock b", { complete: 2, blocked: 1 }],
    ["await x : _v==2 | x:=1", { complete: 0, blocked: 1 }],
    ["spawn 1; join 1; x:=1 | assume 0 | y:=1", { complete: 0, blocked: 1 }],
    // A wait takes each value that ends it.
    ["await x : _v!=0 | x:=1; x:=2", { complete: 2, blocked: 0 }],
    ["r<-awaitx x : _v==0 =: 1 | r<-awaitx x : _v==0 =: 1", { complete: 0, blocked: 2 }],
    // Nobody runs before it is spawned, nobody joins before the end.
    ["x:=1; spawn 1; x:=2; join 1; x:=3 | r<-x", { complete: 2, blocked: 0 }],
    ["repeat 2 {x:=1}; return; x:=2 | r<-x", { complete: 3, blocked: 0 }],
    // Cells of one array are words of their own.
    ["set i=1; a[i]:=1 | a[0]:=1 | r<-a[1]", { complete: 2, blocked: 0 }],
  ])("of %s", (text, expected) => {
    expect(count(text)).toMatchObject({ ...expected, violating: 0 });
  });

  it("count executions whose assertion fails, and end other runs there", () => {
    const source = readThreads({}, parsePseudo("r<-x; assert r==0 | x:=1"));
    expect(countTraces(new Compiled(source, { failing: false }))).toMatchObject({ complete: 2, violating: 1 });
    expect(countTraces(new Compiled(source))).toMatchObject({ why: "An assertion of t0 does not hold." });
  });

  it.each([
    ["unlock m | x:=1", "t0 gives up mutex m without holding it."],
    ["spawn 1; spawn 1 | x:=1", "t1 was spawned before."],
    ["set i=0-1; a[i]:=1", "a[-1] is no cell."],
    ["while 1 {set i=0}", "t0 turns in circles without touching anything."],
    ["while 1 {r<-x}", "an execution has more than 10000 steps"],
  ])("are not counted where a program goes wrong: %s", (text, why) => {
    expect(count(text)).toEqual({ why });
  });
});

describe("a program", () => {
  it("is one like others: a random walk finds its lost wakeup", () => {
    const program = new Compiled(readThreads({}, parsePseudo(
      "lock m; f<-flag; unlock m; if !f {lock m; condwait c m; unlock m} | lock m; flag:=1; unlock m; csignal c",
    )));
    const atEnd = (x: Execution): void => checkStuck(x);
    const found = new Set<string>();
    explore({ program: { setup: (x) => program.setup(x), atEnd }, strategy: new RandomWalk(), seed: "1", runs: 200 }, ({ failure }) => {
      if (failure !== null) found.add(failure.id);
      return undefined;
    });
    expect([...found]).toEqual(["lost-wakeup"]);
  });

  it("tells registers and words at the end", () => {
    const program = new Compiled(readProgram({ vars: { y: 7 }, threads: [[["st", "x", 3], ["ld", "r", "x"]]], final: [["ld", "s", "y"]] }));
    countTraces(program);
    expect([program.register(0, "r"), program.register(1, "s"), program.word("x"), program.word("y"), program.word("z")]).toEqual([3, 7, 3, 7, 0]);
  });
});
