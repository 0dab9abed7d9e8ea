// Copies of the recorded kernel behaviour, and the ways in which tests spoil it.

import { readFileSync, readdirSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const file = (name: string): URL => new URL(`data/${name}`, import.meta.url);

/** The recorded sequences, a line each. */
export const sequenceLines = (): readonly string[] =>
  gunzipSync(readFileSync(file("ifq-sequential.jsonl.gz"))).toString("utf8").trimEnd().split("\n");

/** The recorded rows of `if_ring_count2`. */
export const ringCountText = (): string => readFileSync(file("ring-count.json"), "utf8");

/** The specifications of outcomes, by name. */
export const outcomeTexts = (): readonly (readonly [name: string, text: string])[] =>
  readdirSync(file("outcomes/"))
    .sort()
    .map((name) => [name.replace(/\.json$/, ""), readFileSync(file(`outcomes/${name}`), "utf8")]);

/** The recorded sequences of the control plane, a line each. */
export const controlPlaneLines = (): readonly string[] =>
  gunzipSync(readFileSync(file("control-plane.jsonl.gz"))).toString("utf8").trimEnd().split("\n");
