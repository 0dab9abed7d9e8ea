/**
 * The fingerprint of a failure: what decides whether two failing runs show the same bug. It is made of causal
 * facts that do not depend on the scenario: the kind, the id, and routines (names, never lines or addresses).
 *
 *   a race           its field and the routines of its two accesses, whoever called them; whatever a driver calls
 *                    its routines, a driver's load or store is one
 *   freed memory     who uses it and who freed it, each by the routine that its thread, message, callout or interrupt
 *                    is about (of what freed it, the kernel's): the accesses that come too late are many, the
 *                    missing wait is one
 *   in a context     all routines that were running
 *   at quiescence    nobody runs: the words of its facts count, without numbers and names of units, so that
 *                    `ifsq_started true` and `ifsq_started false` are two bugs and queue lengths 1 and 2 are one
 */
import { createHash } from "node:crypto";
import type { Failure } from "../sim/index.ts";
import { isLoud, type Frame, type Stack } from "./stack.ts";

/**
 * 16 hexadecimal digits. `stacks`: one for each piece of evidence. `thrown`: where the failure was noticed, null at
 * quiescence and for what is found after the run.
 */
export function fingerprint(failure: Failure, stacks: readonly Stack[], thrown: Stack | null = null): string {
  const loud = (stack: Stack): Stack => stack.filter(isLoud);
  const parts = [failure.kind, failure.id, ...causesOf(failure, stacks.map(loud), thrown === null ? null : loud(thrown))];
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 16);
}

/** The fingerprint of a run that passed. */
export const PASSED = "passed";

/**
 * The causal facts of a failure: of a race its word and its two routines; of freed memory `by` and `freed in` routines; of
 * what a routine noticed, who was running (outermost first, joined by `>`); else words.
 */
export function causesOf(failure: Failure, stacks: readonly Stack[], thrown: Stack | null): readonly string[] {
  if (failure.kind === "Race") {
    const sites = stacks.map((stack, i) => siteOf(stack, failure.facts[i]?.[1] ?? ""));
    return [fieldOf(failure), ...sites.toSorted()];
  }
  if (thrown !== null && failure.kind === "Memory") {
    const freed = failure.sites === undefined ? [] : stacks.map((stack) => errand(stack.filter(({ driver }) => !driver)));
    return [`by ${errand(thrown)}`, ...freed.map((routine) => `freed in ${routine}`)];
  }
  if (thrown !== null && thrown.length > 0 && failure.kind !== "Violation") return [chain(thrown).join(">")];
  const chains = [...new Set(stacks.map((stack) => chain(stack).join(">")))].filter((text) => text !== "").sort();
  return chains.length > 0 ? chains : words(failure);
}

/** The two sites of a race in words, as `findings/` names them: `load in ROUTINE` or `store by a driver`, sorted. */
export const siteTexts = (race: Failure, stacks: readonly Stack[]): readonly string[] =>
  stacks.map((stack, i) => {
    const what = race.facts[i]?.[1] ?? "";
    const kind = what.startsWith("store") ? "store" : "load";
    const site = siteOf(stack, what);
    if (site === "") return `${kind} outside any routine`;
    return site === `driver ${kind}` ? `${kind} by a driver` : `${kind} in ${site}`;
  }).toSorted();

/** The routine of an access; `what` begins with what it does. */
function siteOf(stack: Stack, what: string): string {
  const innermost = stack.at(-1);
  if (innermost?.driver === true) return `driver ${what.startsWith("store") ? "store" : "load"}`;
  return innermost?.routine ?? "";
}

/** The loops that threads, interrupts and passes spend their life in. */
const SERVICES: ReadonlySet<string> = new Set([
  "netmsg_service_loop", "ifnet_service_loop", "softclock_handler", "ithread_handler", "lwkt_serialize_handler_call",
  "lwkt_process_ipiq",
]);

/** What a stack is there for: its outermost routine below the loops. */
const errand = (stack: Stack): string => (stack.find(isErrand) ?? stack.at(-1))?.routine ?? "";

/** A driver may call a routine of its own like a loop of the kernel. */
const isErrand = ({ routine, driver }: Frame): boolean => driver || !SERVICES.has(routine);

/** The names of a stack, direct recursion folded. */
export const chain = (stack: Stack): readonly string[] =>
  stack.map(({ routine }) => routine).filter((name, i, all) => name !== all[i - 1]);

/** The last kernel word of the message of a race: the field. */
const fieldOf = (failure: Failure): string =>
  failure.message.match(/[a-z]+(?:_[a-z0-9]+)+/g)?.at(-1) ?? "";

/** Kernel names and truth values of the facts, each once; where there are none, all words. */
function words(failure: Failure): readonly string[] {
  const lines = failure.facts.map(([label, value]) => `${label} ${value}`);
  const names = lines.flatMap((line) => line.match(PHRASE) ?? []);
  const found = names.length > 0 ? names : lines.flatMap((line) => line.match(WORD) ?? []);
  return [...new Set(found.map((word) => word.replaceAll(/\s+/g, " ")))].sort();
}

/** A word; `em0` is the name of a unit, and says what the driver is called. */
const WORD = /[A-Za-z]+(?![A-Za-z0-9])/g;

/** A kernel name, with the truth value behind it if there is one. */
const PHRASE = /[A-Za-z]+(?:_[A-Za-z]+)+(?:[ :=]+(?:true|false|null|none)\b)?/g;
