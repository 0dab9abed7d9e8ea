/** Scenarios made for timed mode: a machine and a paced load. */
import { PLAIN, type TopologyConfig } from "../config.ts";
import type { Load } from "./load.ts";

/** An Ethernet frame's length around the data of a UDP datagram, without its check sequence: 14 + 20 + 8 bytes. */
export const UDP_FRAME = 42;

/** A scenario of timed mode. */
export interface TimedScenario {
  readonly name: string;
  /** One line. */
  readonly purpose: string;
  readonly topology: TopologyConfig;
  readonly load: Load;
}

/** A card with a ring for each CPU, of the size emx(4) uses. */
const MACHINE: TopologyConfig = {
  ...PLAIN,
  qmax: 511,
  ringSize: 512,
  startBudget: 512,
  stageCntmax: 4,
  serializers: "per-ring",
  hz: 100,
};

/** 18 bytes of data in a UDP datagram are the least frame: 1 Gb/s carries one every 672 ns. */
const LINE_RATE: Load = {
  by: "receive-rings",
  rate: 1_488_095,
  packets: 5_000,
  len: UDP_FRAME + 18,
  jitter: 0,
};

/** All of them. */
export const TIMED_SCENARIOS: readonly TimedScenario[] = [
  {
    name: "forwarding-1g",
    purpose: "every CPU takes packets off a receive ring and forwards them through one card at line rate",
    topology: { ...MACHINE, subqs: 2, owners: [0, 1], interruptCpus: [0, 1] },
    load: LINE_RATE,
  },
  {
    name: "udp-flood",
    purpose: "processes send datagrams at line rate to netisrs on other CPUs, which send them through one card",
    topology: { ...MACHINE, ncpus: 4, subqs: 4, owners: [0, 1, 2, 3], interruptCpus: [0, 1, 2, 3] },
    load: { ...LINE_RATE, by: "processes" },
  },
];
