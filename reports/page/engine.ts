/** The engine half of the pages of the stock. Bundled by itself (scripts/page.mjs), it is a script that leaves `interlockEngine` behind. */
import { PROPERTIES } from "../../properties/index.ts";
import { SCENARIOS } from "../../scenarios/index.ts";
import { engineOf } from "./engine-of.ts";

/** It. */
export const engine = engineOf({ scenarios: SCENARIOS, properties: PROPERTIES, drivers: [] });
