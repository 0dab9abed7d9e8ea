/** `npm run bench`: everything as a ratio against something measured in the same run. */
import { Pct, RandomWalk, findRaces, type Execution, type Strategy } from "../sim/index.ts";
import { reportDpor } from "./dpor.ts";
import { atomicWordsByHand, holdByHand, lockedCounterByHand } from "./floors.ts";
import { heapGrowth } from "./heap.ts";
import { hold } from "./hold.ts";
import { reportJobs } from "./jobs.ts";
import { explored, measure, repeated } from "./measure.ts";
import { reportPackets } from "./packets.ts";
import { atomicWords, boundedBuffer, lockedCounter, lockedWords } from "./programs.ts";

/** One line of the table: `subject` reaches `floor / subject` of the floor, `target` is wanted. */
interface Line {
  readonly what: string;
  readonly subject: string;
  readonly floor: string;
  readonly target: number | null;
}

const random = (): Strategy => new RandomWalk();
const pct = (): Strategy => new Pct({ depth: 3 });
const races = (x: Execution): void => {
  if (findRaces(x).length > 0) throw new Error("a race where there is none");
};

const SUBJECTS = [
  repeated("floor P1", lockedCounterByHand),
  repeated("floor P2", atomicWordsByHand),
  explored("P1 random", lockedCounter, random()),
  explored("P1 pct", lockedCounter, pct()),
  explored("P2 random", atomicWords, random()),
  explored("P2 pct", atomicWords, pct()),
  explored("P3 random", boundedBuffer, random()),
  explored("P3 pct", boundedBuffer, pct()),
  explored("words", lockedWords, random()),
  explored("words, races", lockedWords, random(), races),
  repeated("floor hold", holdByHand),
  repeated("hold", hold),
];

const LINES: readonly Line[] = [
  { what: "P1 lock, random walk", subject: "P1 random", floor: "floor P1", target: 0.3 },
  { what: "P1 lock, PCT(3)", subject: "P1 pct", floor: "floor P1", target: 0.5 },
  { what: "P2 atomics, random walk", subject: "P2 random", floor: "floor P2", target: 0.6 },
  { what: "P2 atomics, PCT(3)", subject: "P2 pct", floor: "floor P2", target: 0.8 },
  { what: "P3 buffer, random walk", subject: "P3 random", floor: "floor P1", target: null },
  { what: "P3 buffer, PCT(3)", subject: "P3 pct", floor: "floor P1", target: null },
  { what: "event queue, hold model", subject: "hold", floor: "floor hold", target: 0.8 },
  { what: "race check (with against without)", subject: "words, races", floor: "words", target: null },
];

const ratioText = (ratio: number): string => ratio.toFixed(2).padStart(6);

const times = measure(SUBJECTS);

console.log(`${"".padEnd(34)} ratio target     run   floor, us`);
let missed = 0;
for (const { what, subject, floor, target } of LINES) {
  const ratio = times.ratio(floor, subject);
  if (target !== null && ratio < target) missed++;
  const wanted = target === null ? "      " : ratioText(target);
  const absolute = [subject, floor].map((name) => times.of(name).toFixed(2).padStart(8)).join("");
  console.log(`${what.padEnd(34)}${ratioText(ratio)} ${wanted}${absolute}`);
}
reportPackets();
missed += reportDpor();

const growth = heapGrowth();
if (growth > 1.1) missed++;
console.log(`${"heap, 100,000 runs against 1,000".padEnd(34)}${ratioText(growth)}  <=1.1`);
if (!(await reportJobs())) missed++;
console.log(missed === 0 ? "All targets are met." : `${missed} targets are missed.`);
