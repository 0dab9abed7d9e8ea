/** `npm run bench`: ratios against floors measured in the same run. */
import { Execution, Pct, RandomWalk, Recording, type Strategy } from "../sim/index.ts";
import { atomicWordsByHand, lockedCounterByHand } from "./floors.ts";
import { measure, type Subject } from "./measure.ts";
import { atomicWords, boundedBuffer, lockedCounter } from "./programs.ts";

type Program = (x: Execution) => void;

function explored(name: string, program: Program, strategy: Strategy): Subject {
  const recording = new Recording();
  let run = 0;
  return {
    name,
    run(times) {
      for (let i = 0; i < times; i++) {
        strategy.begin(`bench/${run++}`);
        const x = new Execution(strategy, recording);
        const result = x.run(() => program(x));
        strategy.end?.(x);
        if (result.outcome !== "passed") throw new Error(`${name}: ${result.outcome}`);
      }
    },
  };
}

const plain = (name: string, program: () => void): Subject => ({
  name,
  run(times) {
    for (let i = 0; i < times; i++) program();
  },
});

const t = measure([
  plain("floor P1", lockedCounterByHand),
  plain("floor P1"),
  plain("floor P2", atomicWordsByHand),
  explored("P1 random", lockedCounter, new RandomWalk()),
  explored("P2 random", atomicWords, new RandomWalk()),
  explored("P1 pct", lockedCounter, new Pct({ depth: 3 })),
  explored("P2 pct", atomicWords, new Pct({ depth: 3 })),
  explored("P3 pct", boundedBuffer, new Pct({ depth: 3 })),
  explored("P3 random", boundedBuffer, new RandomWalk()),
  explored("empty", () => undefined, new RandomWalk()),
]);
for (const [name, us] of t) console.log(name.padEnd(20), us.toFixed(3));
const ratio = (floor: string, name: string): void =>
  console.log(name.padEnd(20), ((t.get(floor) ?? 0) / (t.get(name) ?? 1)).toFixed(2));
ratio("floor P1", "P1 random");
ratio("floor P1", "P1 pct");
ratio("floor P2", "P2 random");
ratio("floor P2", "P2 pct");
