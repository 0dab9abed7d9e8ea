// The situation that is searched: packets from two CPUs, and a ring that is soon full.
import { defineScenario } from "interlock";
import { NO_FAULTS, PLAIN, type ActorConfig } from "interlock/scenarios";

const packet = { len: 100, prio: false, mcast: false };

const send = (cpu: number): ActorConfig =>
  ({ kind: "send", cpu, netisr: true, iface: 0, packets: [packet, packet] });

export const fullRing = defineScenario({
  name: "full-ring",
  purpose: "two CPUs send more packets than the ring has slots",
  smallest: {
    topology: { ...PLAIN, driver: "skel", ringSize: 2 },
    workload: [send(0), send(1)],
    faults: NO_FAULTS,
  },
  // Every random run draws from these.
  vary: {
    topology: { ncpus: [2, 3], owners: [[0], [1]], ringSize: [1, 2, 4] },
    actors: [{ kind: "send", count: [1, 3], size: [1, 4] }],
  },
});
