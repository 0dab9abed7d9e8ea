/** The catalogue of scenarios and how one is started; the only file other folders may import. */
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
export { nicOptions, paramsOf, startWorld } from "./machine.ts";
export type { Range, Scenario, Vary } from "./scenario.ts";
export { World, type FloodHit, type Sent, type Walk } from "./world.ts";

/** Every scenario, in the order of plans and tables. */
export const SCENARIOS: readonly Scenario[] = [...TRANSMIT, ...INTERFACE];
