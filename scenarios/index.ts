/** The catalogue of scenarios and how one is started; the only file other folders may import. */
export {
  NO_FAULTS,
  PLAIN,
  hasCard,
  underMemory,
  type ActorConfig,
  type Config,
  type FaultConfig,
  type PacketConfig,
  type TopologyConfig,
  type WeakMemory,
} from "./config.ts";
export { startWorld } from "./machine.ts";
export {
  STOCK,
  STOCK_DRIVER,
  missingPart,
  type ActorRoutine,
  type ActorRoutines,
  type MissingPart,
  type Parts,
  type RunActor,
} from "./parts.ts";
export {
  IOCTL_NAMES,
  UNTOUCHED,
  confEntries,
  numberOf,
  pointedBytes,
  requestBytes,
  type IoctlCall,
  type IoctlCmd,
  type IoctlRecord,
  type IoctlUser,
} from "./ioctl/calls.ts";
export { deviceFor, subqFor } from "./actor.ts";
export { replaceArray } from "./actors-tables.ts";
export { ADDRESS_OPS } from "./ifaddr/config.ts";
export { boundedOf, type Range, type Scenario, type Vary, type VaryModule, type VaryMulti, type VaryRun, type VaryStock } from "./scenario.ts";
export { SCENARIOS, stockScenarios, takesAnyDriver, type StockRequest } from "./stock.ts";
export { World, type System } from "./world.ts";
export { XNU, type LoopbackActor, type LoopbackOp, type LoopbackPacket, type XnuTopology } from "./loopback/config.ts";
export { LoopbackRun, loopbackOf, type LoopbackSent } from "./loopback/run.ts";
export type { TunActor, TunTopology } from "./tun/config.ts";
export { tunOf, type TunWorld } from "./tun/tun-world.ts";
export type { Load } from "./timed/load.ts";
export type { Measurement } from "./timed/measurement.ts";
export { simulate, type Simulated, type Simulation } from "./timed/simulate.ts";
export { TIMED_SCENARIOS, UDP_FRAME, type TimedScenario } from "./timed/workloads.ts";
export { conformControlPlane } from "./vectors/control-plane/conform.ts";
export { KINDS } from "./vectors/control-plane/kinds.ts";
export { LOOKUP_ROUTINES, readLookup, type LookupRoutines } from "./vectors/control-plane/lookup.ts";
export { MODULE_KINDS, MODULE_OPS, type ModuleActor, type ModuleOp } from "./module/op.ts";
export { MULTI_OPS, type MultiOp } from "./multi/op.ts";
export { multiLog } from "./multi/log.ts";
export { LINKS, LOOKUPS, type Link, type LookupOp } from "./lookups/op.ts";
export { indexNamed, type ListedAddress, type Lookup, type MacAsked } from "./lookups/table.ts";
export {
  ofInterface,
  withAddr,
  withDstaddr,
  withNet,
  type KnownAddress,
  type KnownInterface,
} from "./lookups/reference.ts";
export { stepsKind, type ReadKind } from "./vectors/control-plane/sequence.ts";
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
export { exhaustOutcomes, searchOutcomes, type Exhausted, type Searched } from "./vectors/outcomes-exhaust.ts";
export {
  outcomeKey,
  readOutcomes,
  type FinalOutcome,
  type OutcomeSpec,
  type OutcomeSystem,
} from "./vectors/outcomes-format.ts";
export type { UnreadableFile } from "./vectors/reader.ts";
export { recognise } from "./vectors/recognise.ts";
