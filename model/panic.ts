/**
 * Panics: the kernel's own assertions.
 *
 * Mirrors: sys/sys/systm.h `KASSERT`, `KKASSERT` (as with INVARIANTS), sys/kern/kern_shutdown.c `panic`.
 */
import { fail, type Fact } from "../sim/index.ts";
import type { Kernel } from "./kernel.ts";

/** Longest id made of a message. */
const ID_LENGTH = 56;

/**
 * Ends the run as the kernel would: with a sentence. What differs from run to run goes into `facts`, so that the
 * id, which is made of the message, stays the same.
 */
export function panic(k: Kernel, message: string, facts: readonly Fact[] = []): never {
  return fail("Panic", idOf(message), message, [["by", k.x.current.name], ...facts]);
}

/** Panics unless `holds`; `message` says what is wrong. */
export function KASSERT(k: Kernel, holds: boolean, message: string): asserts holds {
  if (!holds) panic(k, message);
}

/** Panics unless `holds`; `expression` is the text of the assertion. */
export function KKASSERT(k: Kernel, holds: boolean, expression: string): asserts holds {
  if (!holds) panic(k, `assertion "${expression}" failed`);
}

/** Kebab-case, numbers left out. Cost: linear, once a run. */
function idOf(message: string): string {
  const words = message.toLowerCase().replaceAll("!", " not ").replace(/[0-9]+/g, "").replace(/[^a-z]+/g, "-");
  return words.slice(0, ID_LENGTH).replace(/^-|-$/g, "");
}
