// Every stock scenario of the transmit path, against skel.
import { stockScenarios } from "interlock/scenarios";
import { skel } from "./skel.ts";

export const scenarios = stockScenarios({ driver: skel, family: "transmit" });
