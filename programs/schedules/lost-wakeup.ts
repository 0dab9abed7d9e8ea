/**
 * The lost wakeup: a waiter looks at a flag under a mutex, gives the mutex up, and sleeps; a signaller that comes in
 * between sets the flag and signals nobody. It does `pad` private operations first, which is what makes a random walk
 * come late.
 */
import type { Source } from "../language.ts";
import { readThreads } from "../reading.ts";

/** The program; `pad`: private operations of the signaller. */
export const lostWakeup = (pad: number): Source =>
  readThreads({}, [
    [
      ["lock", "m"], ["ld", "f", "flag"], ["unlock", "m"],
      ["if", ["!", "f"], [["lock", "m"], ["cwait", "c", "m"], ["creacq", "c", "m"], ["unlock", "m"]]],
    ],
    [
      ...Array.from({ length: pad }, () => ["rmw", "p", "private", ["+", "_old", 1]]),
      ["lock", "m"], ["st", "flag", 1], ["unlock", "m"], ["csignal", "c"],
    ],
  ]);

/** What the names of its flag and its mutex contain: of all it names, the mutex is first and the flag second. */
export const FLAG_AND_MUTEX: readonly string[] = ["mutex m", "objects[1]"];
