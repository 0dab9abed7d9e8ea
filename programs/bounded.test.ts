import { describe, expect, it } from "vitest";
import { fewestPreemptions, fewestRounds } from "./bounded.ts";
import { Compiled } from "./compile.ts";
import { countTraces } from "./count.ts";
import { readThreads } from "./reading.ts";
import { parsePseudo } from "./pseudo.ts";
import { withinPreemptions } from "./schedules.ts";
import { TraceOrder } from "./trace-order.ts";

/** Complete traces by the fewest of something. */
function cumulative(text: string, fewest: typeof fewestRounds, bounds: number): readonly number[] {
  const source = readThreads({}, parsePseudo(text));
  const costs: number[] = [];
  countTraces(new Compiled(source), {
    onTrace: (x, blocked) => {
      if (!blocked) costs.push(fewest(new TraceOrder(x, source.threads.length).threads));
    },
  });
  return Array.from({ length: bounds }, (_, k) => costs.filter((cost) => cost <= k).length);
}

describe("the fewest over the linearizations of a trace", () => {
  // By exhaustive search within the bound: every schedule of the trace is looked at instead.
  it.each([
    "x:=1; x:=2 | x:=3; x:=4 | r<-x",
    "lock m; x:=1; unlock m; y:=1 | lock m; r<-x; unlock m; r<-y",
    "k<-trylock m; if k {x:=1; unlock m} | lock m; r<-x; unlock m | x:=2",
    "r<-x+=1; s<-y | k<-cas(x,1,2); y:=1 | x:=3; r<-y",
    "lock a; lock b; unlock b; unlock a | lock a; x:=1; unlock a; lock b; unlock b | r<-x; s<-x",
  ])("has the same preemptions as the schedules: %s", (text) => {
    const bounds = 5;
    const source = readThreads({}, parsePseudo(text));
    expect(cumulative(text, fewestPreemptions, bounds)).toEqual(withinPreemptions(source, bounds));
  });

  it("has rounds that only a step back begins", () => {
    expect(cumulative("x:=1 | x:=2 | x:=3", fewestRounds, 3)).toEqual([1, 5, 6]); // Eulerian numbers, summed
    expect(cumulative("r<-x | y:=1", fewestRounds, 2)).toEqual([1, 1]);
  });
});
