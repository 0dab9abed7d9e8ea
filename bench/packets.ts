/**
 * Packets per second of host time through `ifq_dispatch` on two CPUs, and where the time goes: each row adds one thing to the
 * row above it, so the differences are the prices.
 */
import {
  Execution,
  Pct,
  RandomWalk,
  Recording,
  findRaces,
  type Context,
  type Limits,
  type Strategy,
} from "../sim/index.ts";
import { NO_FAULTS, PLAIN, startWorld, type ActorConfig, type Config } from "../scenarios/index.ts";
import { measure, repeated, type Subject } from "./measure.ts";

/** Packets of each of the two senders. */
const EACH = 40;
const PACKETS = 2 * EACH;
const LIMITS: Limits = { stepsMax: 1_000_000, noProgressMax: 1_000_000, ticksMax: 0 };

const sender = (cpu: number): ActorConfig => ({
  kind: "send",
  cpu,
  netisr: true,
  iface: 0,
  packets: Array.from({ length: EACH }, () => ({ len: 100, prio: false, mcast: false })),
});

/** A queue and a ring that hold everything: no packet is dropped, none waits for a completion. */
const topology = { ...PLAIN, qmax: PACKETS, ringSize: PACKETS, interruptCpus: [0] };
const MACHINE: Config = { topology, workload: [], faults: NO_FAULTS };
const BUSY: Config = { ...MACHINE, workload: [sender(0), sender(1)] };

/** The current context goes on as long as it can. */
const STAY: Strategy = {
  name: "stay",
  begin: () => true,
  choose: (x, current) => current ?? (x.enabled[0] as Context), // asked with two or more
  draw: () => 0,
};

function runs(name: string, config: Config, strategy: Strategy, races = false): Subject {
  const recording = new Recording();
  let seed = 0;
  return repeated(name, () => {
    strategy.begin(`packets/${seed++}`);
    const x = new Execution(strategy, recording, LIMITS);
    const { outcome } = x.run(() => {
      startWorld(x, config);
    });
    if (outcome !== "passed") throw new Error(`${name}: ${outcome}`);
    if (races) findRaces(x);
  });
}

const ROWS = [
  { what: "boot and attach, no packet", subject: runs("boot", MACHINE, STAY) },
  { what: "+ packets, never switching", subject: runs("stay", BUSY, STAY) },
  { what: "+ real switches: PCT(3)", subject: runs("pct", BUSY, new Pct({ depth: 3 })) },
  { what: "+ real switches: random walk", subject: runs("random", BUSY, new RandomWalk()) },
  { what: "+ race check behind the run", subject: runs("races", BUSY, new RandomWalk(), true) },
];

/** Measures and prints the table. */
export function reportPackets(): void {
  const times = measure(ROWS.map(({ subject }) => subject));
  const boot = times.of("boot");
  console.log(`\nifq_dispatch on 2 CPUs, ${PACKETS} packets a run    us a run ns a packet   packets/s`);
  for (const { what, subject } of ROWS) {
    const us = times.of(subject.name);
    const each = ((us - boot) * 1000) / PACKETS;
    const rates = [each, 1e9 / each].map((rate) => rate.toFixed(0).padStart(12)).join("");
    const told = subject.name === "boot" ? "" : rates;
    console.log(what.padEnd(45) + us.toFixed(0).padStart(10) + told);
  }
}
