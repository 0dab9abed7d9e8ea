/** The catalogue of scenarios and how one is started; the only file other folders may import. */
import { DETACH } from "./catalogue-detach.ts";
import { INTERFACE } from "./catalogue-interface.ts";
import { TRANSMIT } from "./catalogue-transmit.ts";
import type { Scenario } from "./scenario.ts";

export {
  NO_FAULTS,
  PLAIN,
  type ActorConfig,
  type Config,
  type FaultConfig,
  type PacketConfig,
  type TopologyConfig,
} from "./config.ts";
export { startWorld } from "./machine.ts";
export type { Scenario } from "./scenario.ts";
export { World } from "./world.ts";
export type { Load } from "./timed/load.ts";
export type { Measurement } from "./timed/measurement.ts";
export { simulate, type Simulated, type Simulation } from "./timed/simulate.ts";
export { TIMED_SCENARIOS, UDP_FRAME, type TimedScenario } from "./timed/workloads.ts";
export type { Conformance, Divergence } from "./vectors/conformance.ts";
export { IFQ_ROUTINES, IfqMachine, type IfqRoutines } from "./vectors/ifq-machine.ts";
export { conformIfq } from "./vectors/ifq-sequential.ts";
export { conformRingCount } from "./vectors/ring-count.ts";
export {
  EXPLORE,
  exploreOutcomes,
  runOutcome,
  type Exploration,
  type ExtraOutcome,
} from "./vectors/outcomes.ts";
export {
  outcomeKey,
  readOutcomes,
  type FinalOutcome,
  type OutcomeSpec,
  type OutcomeSystem,
} from "./vectors/outcomes-format.ts";
export type { UnreadableFile } from "./vectors/reader.ts";
export { recognise } from "./vectors/recognise.ts";

/** Every scenario, in the order of plans and tables. */
export const SCENARIOS: readonly Scenario[] = [...TRANSMIT, ...INTERFACE, ...DETACH];
