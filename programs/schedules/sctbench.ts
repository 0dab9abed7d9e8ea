/**
 * Programs of SCTBench (Thomson, Donaldson, Betts: "Concurrency testing using controlled schedulers", TOPC 2016) in the
 * small language, without main: all threads start together. Every access to a shared word is a point, also under a lock,
 * conditions are read in the order of C and no further than C reads them. What goes wrong is an assertion, or that
 * somebody waits for ever.
 */
import type { Block, Source, Statement } from "../language.ts";
import { readThreads } from "../reading.ts";

/** A program that goes wrong under some schedules. */
export interface Buggy {
  /** As the published tables call it. */
  readonly name: string;
  readonly source: Source;
}

const lock = (m: string): Statement => ["lock", m];
const unlock = (m: string): Statement => ["unlock", m];
const load = (word: string, into = "r"): Statement => ["ld", into, word];
const store = (word: string, value: number | string): Statement => ["st", word, value];
/** Adds to a word that others may change in between. */
const add = (word: string, value: number): Block => [load(word, "_sum"), ["st", word, ["+", "_sum", value]]];
const when = (condition: readonly [string, string, number], then: Block, otherwise: Block = []): Statement => ["if", condition, then, otherwise];
const BUG: Statement = ["assert", 0];
const times = (count: number, block: Block): Block => Array.from({ length: count }, () => block).flat();
const under = (m: string, block: Block): Block => [lock(m), ...block, unlock(m)];
const copies = (count: number, block: Block): readonly Block[] => Array.from({ length: count }, () => block);

const program = (name: string, threads: readonly Block[], vars: Readonly<Record<string, number>> = {}): Buggy => ({
  name,
  source: readThreads(vars, threads),
});

/** The check is wrong when both others went before it. */
const account = program("CS.account_bad", [
  under("m", [load("dd"), when(["!=", "r", 0], [load("wd"), when(["!=", "r", 0], [load("balance"), ["assert", ["==", "r", -5]]])])]),
  under("m", [...add("balance", 2), store("dd", 1)]),
  under("m", [...add("balance", -4), store("wd", 1)]),
], { balance: 1 });

const lazy01 = program("CS.lazy01_bad", [
  under("m", add("data", 1)),
  under("m", add("data", 2)),
  under("m", [load("data"), when([">=", "r", 3], [BUG])]),
]);

const crossed = (first: string, second: string, by: number): Block => under(first, under(second, add("counter", by)));
const deadlock01 = program("CS.deadlock01_bad", [crossed("a", "b", 1), crossed("b", "a", -1)]);

/** Takes `inner` when it is the first to come, and gives it back when it is the last to go. */
const carter = (word: string, inner: string): Block => [
  ...under("m", [...add(word, 1), load(word), when(["==", "r", 1], [lock(inner)])]),
  ...under("m", [...add(word, -1), load(word), when(["==", "r", 0], [unlock(inner)])]),
];
const carter01 = program("CS.carter01_bad", [carter("A", "l"), carter("B", "l")]);

const SET_BOTH: Block = [store("a", 1), store("b", -1)];
const SECOND_TRY: Block = [load("a"), when(["==", "r", 1], [load("b"), when(["!=", "r", -1], [BUG])], [BUG])];
const CHECK_BOTH: Block = [
  load("a"),
  when(["==", "r", 0], [load("b"), when(["==", "r", 0], [["return"]], SECOND_TRY)], SECOND_TRY),
];
const reorder = (setters: number): Buggy =>
  program(`CS.reorder_${String(setters + 1)}_bad`, [...copies(setters, SET_BOTH), CHECK_BOTH]);

const twostage = program("CS.twostage_bad", [
  [...under("L1", [store("d1", 1)]), ...under("L2", [load("d1"), ["st", "d2", ["+", "r", 1]]])],
  [
    lock("L1"), load("d1"), when(["==", "r", 0], [unlock("L1"), ["return"]]), load("d1", "t1"), unlock("L1"),
    ...under("L2", [load("d2", "t2")]), ["assert", ["==", "t2", ["+", "t1", 1]]],
  ],
]);

const wronglock = program("CS.wronglock_3_bad", [
  under("P", [load("d", "x"), ...add("d", 1), load("d"), ["assert", ["==", "r", ["+", "x", 1]]]]),
  ...copies(3, under("Q", add("d", 1))),
]);

const LET_GO: Block = [["rmw", "p", "pending", ["-", "_old", 1]], when(["==", "p", 1], [store("event", 1)])];
const bluetooth = program("CS.bluetooth_driver_bad", [
  [
    load("flag"),
    when(["==", "r", 0], [["rmw", "p", "pending", ["+", "_old", 1]], load("stopped"), ["assert", ["!", "r"]]]),
    ...LET_GO,
  ],
  [store("flag", 1), ...LET_GO, load("event"), when(["!=", "r", 0], [store("stopped", 1)])],
], { pending: 1 });

/** One atomic block each. */
const tokenRing = program("CS.token_ring_bad", [
  under("m", [load("x3"), when(["==", "r", 3], [store("x1", 0)], [["st", "x1", ["+", "r", 1]]]), store("f1", 1)]),
  under("m", [load("x1"), store("x2", "r"), store("f2", 1)]),
  under("m", [load("x2"), store("x3", "r"), store("f3", 1)]),
  under("m", [
    load("f1", "a"), load("f2", "b"), load("f3", "c"), load("x1", "u"), load("x2", "v"), load("x3", "w"),
    ["if", ["&&", "a", "b", "c"], [["assert", ["&&", ["==", "u", "v"], ["==", "v", "w"]]]]],
  ]),
], { x1: 1, x2: 2, x3: 1 });

const stack = program("CS.stack_bad", [
  times(10, under("m", [...add("top", 1), store("flag", 1)])),
  times(10, under("m", [load("flag"), when(["!=", "r", 0], [load("top"), ["assert", [">", "r", 0]], ["st", "top", ["-", "r", 1]]])])),
]);

/** The ones whose probabilities are derived. */
export const SCTBENCH: readonly Buggy[] = [
  account, lazy01, deadlock01, carter01, reorder(2), reorder(3), reorder(4), reorder(9), twostage, wronglock, bluetooth, tokenRing, stack,
];
