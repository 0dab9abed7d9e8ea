/** Measuring in rounds: every subject once per round, the median over the rounds. */
import { Execution, Recording, type Strategy } from "../sim/index.ts";

/** What is measured: `run` does the work `times` times. */
export interface Subject {
  readonly name: string;
  run(times: number): void;
}

/** A subject that is called again and again. */
export const repeated = (name: string, work: () => void): Subject => ({
  name,
  run(times) {
    for (let i = 0; i < times; i++) work();
  },
});

/** A program explored run by run: seeding, set-up and recording included. */
export function explored(
  name: string,
  program: (x: Execution) => void,
  strategy: Strategy,
  afterwards?: (x: Execution) => void,
): Subject {
  const recording = new Recording();
  let run = 0;
  return repeated(name, () => {
    strategy.begin(`bench/${run++}`);
    const x = new Execution(strategy, recording);
    const result = x.run(() => {
      program(x);
    });
    strategy.end?.(x);
    if (result.outcome !== "passed") throw new Error(`${name}: ${result.outcome}`);
    afterwards?.(x);
  });
}

const ROUNDS = 15;
const ROUND_MS = 50;

/** Median microseconds per repetition, by name. Subjects take turns, so a slow spell hits all of them. */
export function measure(subjects: readonly Subject[]): ReadonlyMap<string, number> {
  const times = new Map(subjects.map((subject) => [subject.name, calibrate(subject)]));
  const samples = new Map<string, number[]>(subjects.map(({ name }) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const subject of subjects) {
      const repetitions = times.get(subject.name) ?? 1;
      samples.get(subject.name)?.push((timed(subject, repetitions) / repetitions) * 1000);
    }
  }
  return new Map([...samples].map(([name, values]) => [name, median(values)]));
}

/** Repetitions that take about {@link ROUND_MS}; warms the code up on the way. */
function calibrate(subject: Subject): number {
  let times = 8;
  for (;;) {
    const took = timed(subject, times);
    if (took >= ROUND_MS) return Math.max(1, Math.round((times * ROUND_MS) / took));
    times *= 2;
  }
}

function timed(subject: Subject, times: number): number {
  const start = performance.now();
  subject.run(times);
  return performance.now() - start;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
