/**
 * The fingerprint of a failure: what decides whether two failing runs show the same bug. It is made of causal
 * facts that do not depend on the scenario: the kind, the id, and the kernel routines that were running (names,
 * never lines or addresses), which for a race are those of its two sites. A promise broken at quiescence has
 * no running context: there the words of its facts count, without numbers, so that `ifsq_started true` and
 * `ifsq_started false` are two bugs and queue lengths 1 and 2 are one.
 */
import { createHash } from "node:crypto";
import type { Failure } from "../sim/index.ts";

/** Routines on the stack of a piece of evidence, outermost first. */
export type Stack = readonly string[];

/** 16 hexadecimal digits. `stacks`: one for each piece of evidence. */
export function fingerprint(failure: Failure, stacks: readonly Stack[]): string {
  const parts = [failure.kind, failure.id, ...causes(failure, stacks)];
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 16);
}

/** The fingerprint of a run that passed. */
export const PASSED = "passed";

function causes(failure: Failure, stacks: readonly Stack[]): readonly string[] {
  if (failure.kind === "Race") {
    const sites = stacks.map((stack) => stack.at(-1) ?? "");
    return [fieldOf(failure), ...sites.toSorted()];
  }
  const chains = [...new Set(stacks.map(chain))].filter((text) => text !== "").sort();
  return chains.length > 0 ? chains : words(failure);
}

/** A stack as text, direct recursion folded. */
const chain = (stack: Stack): string =>
  stack.filter((name, i) => name !== stack[i - 1]).join(">");

/** The last kernel word of the message of a race: the field. */
const fieldOf = (failure: Failure): string =>
  failure.message.match(/[a-z]+(?:_[a-z0-9]+)+/g)?.at(-1) ?? "";

/** Kernel names and truth values of the facts, each once. */
function words(failure: Failure): readonly string[] {
  const lines = failure.facts.map(([label, value]) => `${label} ${value}`);
  const found = lines.flatMap((line) => line.match(PHRASE) ?? []);
  return [...new Set(found.map((word) => word.replaceAll(/\s+/g, " ")))].sort();
}

/** A kernel name, with the truth value behind it if there is one. */
const PHRASE = /[A-Za-z]+(?:_[A-Za-z]+)+(?:[ :=]+(?:true|false|null|none)\b)?/g;
