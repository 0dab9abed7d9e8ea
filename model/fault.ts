/**
 * Accesses that no memory answers: where C would read through a null pointer, or past the end of an object.
 * They end the run as a `Memory` failure, like an access to memory that was freed.
 */
import { fail } from "../sim/index.ts";
import type { Kernel } from "./kernel.ts";

/** What a pointer points to; `name` says which pointer, as the C writes it. */
export function deref<T>(k: Kernel, pointer: T | null, name: string): T {
  if (pointer !== null) return pointer;
  return fail("Memory", "null-dereference", `${name} is NULL and was followed`, [["by", k.x.current.name]]);
}

/** Ends the run: byte `at` of an object of `size` bytes was accessed. */
export function outOfBounds(k: Kernel, label: string, at: number, size: number): never {
  return fail("Memory", "out-of-bounds", `${label} accessed past its end`, [
    ["by", k.x.current.name],
    ["byte", `${at} of ${size}`],
  ]);
}
