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

const ROUNDS = 101;
/** Short, so that what slows a machine down for a moment spoils one round and not the median. */
const ROUND_MS = 6;
const WARM_UP_MS = 100;

/** What was measured. */
export interface Times {
  /** Median microseconds per repetition. */
  of(name: string): number;
  /** How fast a subject is beside its floor: the median over the rounds of floor / subject. */
  ratio(floor: string, name: string): number;
}

/** Measures in rounds in which all subjects take turns. */
export function measure(subjects: readonly Subject[]): Times {
  for (const subject of subjects) calibrate(subject, WARM_UP_MS);
  const times = new Map(subjects.map((subject) => [subject.name, calibrate(subject, ROUND_MS)]));
  const samples = new Map<string, number[]>(subjects.map(({ name }) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const subject of subjects) {
      const repetitions = times.get(subject.name) ?? 1;
      samples.get(subject.name)?.push((timed(subject, repetitions) / repetitions) * 1000);
    }
  }
  const of = (name: string): readonly number[] => samples.get(name) ?? [];
  return {
    of: (name) => median(of(name)),
    ratio: (floor, name) => median(of(name).map((us, round) => (of(floor)[round] ?? 0) / us)),
  };
}

/** Repetitions that take about so long; warms the code up on the way. */
function calibrate(subject: Subject, ms: number): number {
  let times = 1;
  for (;;) {
    const took = timed(subject, times);
    if (took >= ms) return Math.max(1, Math.round((times * ms) / took));
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
