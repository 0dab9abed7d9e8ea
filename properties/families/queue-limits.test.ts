import { describe, expect, it } from "vitest";
import { ALTDQ_REMOVE, ALTRQ_PURGE } from "../../model/net/altq/if_altq.ts";
import {
  MCLBYTES,
  M_PRIO,
  M_WAITOK,
  lwkt_serialize_enter,
  lwkt_serialize_exit,
  m_freem,
  m_gethdr,
  spawnThread,
  type IfaltqSubque,
  type Kernel,
} from "../../model/index.ts";
import { NO_FAULTS, PLAIN, startWorld } from "../../scenarios/index.ts";
import { DEFAULT_LIMITS, Execution, Recording, RoundRobin, type Routine } from "../../sim/index.ts";
import { byteBound } from "./queue-limits.ts";

interface Lanes {
  readonly prio: readonly number[];
  readonly norm: readonly number[];
}
type Operation = { readonly len: number; readonly prio: boolean } | "dequeue";

const EMPTY: Lanes = { prio: [], norm: [] };
const sum = (lengths: readonly number[]): number => lengths.reduce((a, b) => a + b, 0);
const bytes = ({ prio, norm }: Lanes): number => sum(prio) + sum(norm);

/** `ifsq_classic_enqueue` and `ifsq_classic_dequeue`, of the lengths alone. */
function step(lanes: Lanes, op: Operation, maxlen: number, maxbcnt: number): Lanes {
  const { prio, norm } = lanes;
  if (op === "dequeue") return prio.length > 0 ? { prio: prio.slice(1), norm } : { prio, norm: norm.slice(1) };
  if (prio.length + norm.length < maxlen && bytes(lanes) < maxbcnt) {
    return op.prio ? { prio: [...prio, op.len], norm } : { prio, norm: [...norm, op.len] };
  }
  const drops = op.prio && prio.length < Math.trunc(maxlen / 2) && sum(prio) < Math.trunc(maxbcnt / 2) && norm.length > 0;
  return drops ? { prio: [...prio, op.len], norm: norm.slice(1) } : lanes;
}

const operations = (lengths: readonly number[], anyPrio: boolean): readonly Operation[] => [
  "dequeue",
  ...lengths.flatMap((len) => (anyPrio ? [false, true] : [false]).map((prio) => ({ len, prio }))),
];

/** The most bytes that any sequence of operations reaches. */
function mostBytes(maxlen: number, maxbcnt: number, lengths: readonly number[], anyPrio: boolean): number {
  const seen = new Set([JSON.stringify(EMPTY)]);
  const open: Lanes[] = [EMPTY];
  let most = 0;
  for (let lanes = open.pop(); lanes !== undefined; lanes = open.pop()) {
    most = Math.max(most, bytes(lanes));
    for (const op of operations(lengths, anyPrio)) {
      const next = step(lanes, op, maxlen, maxbcnt);
      const key = JSON.stringify(next);
      if (seen.has(key)) continue;
      seen.add(key);
      open.push(next);
    }
  }
  return most;
}

const boundOf = (maxlen: number, maxbcnt: number, lengths: readonly number[], anyPrio: boolean): number =>
  byteBound({ maxlen, maxbcnt, anyPrio, longest: Math.max(...lengths), shortest: Math.min(...lengths) });

const upTo = (least: number, most: number): number[] => Array.from({ length: most - least + 1 }, (_, i) => least + i);

describe("the byte bound, over every sequence of operations", () => {
  const SMALL = upTo(1, 4).flatMap((maxlen) => upTo(1, 10).flatMap((maxbcnt) =>
    [true, false].map((anyPrio) => [maxlen, maxbcnt, anyPrio] as const)));

  it.each(SMALL)("is reached and never exceeded by all lengths from 1 to 1..4 (ifsq_maxlen %i, ifsq_maxbcnt %i, M_PRIO %s)", (maxlen, maxbcnt, anyPrio) => {
    for (const longest of upTo(1, 4)) {
      const lengths = upTo(1, longest);

      expect(mostBytes(maxlen, maxbcnt, lengths, anyPrio)).toBe(boundOf(maxlen, maxbcnt, lengths, anyPrio));
    }
  });

  it.each(SMALL)("is never exceeded by lengths with gaps (ifsq_maxlen %i, ifsq_maxbcnt %i, M_PRIO %s)", (maxlen, maxbcnt, anyPrio) => {
    for (const lengths of [[2], [3], [2, 3], [1, 4], [2, 4], [3, 5]]) {
      expect(mostBytes(maxlen, maxbcnt, lengths, anyPrio)).toBeLessThanOrEqual(boundOf(maxlen, maxbcnt, lengths, anyPrio));
    }
  });

  it.each([
    [1, true, [100, 2000, 9000], 9_000],
    [2, true, [100, 4000, 9000], 18_000],
    [2, false, [100, 4095, 9000], 4_095 + 9_000],
    [3, true, [100, 6043, 9000], 6_143 + 9_000 - 100 + 9_000],
    [3, false, [100, 6043, 9000], 6_143 + 9_000],
    [4, true, [100, 4095, 7991, 9000], 8_191 + 9_000 - 200 + 4_095 + 9_000],
    [4, true, [60, 1500], 4 * 1_500],
  ] as const)("is reached exactly with clusters of 2048 bytes (ifsq_maxlen %i, M_PRIO %s, lengths %j)", (maxlen, anyPrio, lengths, most) => {
    expect(boundOf(maxlen, maxlen * MCLBYTES, lengths, anyPrio)).toBe(most);
    expect(mostBytes(maxlen, maxlen * MCLBYTES, lengths, anyPrio)).toBe(most);
  });
});

/** Every sequence of `length` operations on the real queue and on the lengths alone; returns how many. */
function* everySequence(k: Kernel, ifsq: IfaltqSubque, lengths: readonly number[], length: number): Routine<number> {
  const ops = operations(lengths, true);
  const maxlen = ifsq.ifsq_maxlen.fixed;
  const sequences = ops.length ** length;
  yield* lwkt_serialize_enter(k, ifsq.ifsq_lock);
  for (let n = 0; n < sequences; n++) {
    let lanes = EMPTY;
    for (let i = 0, rest = n; i < length; i++, rest = Math.trunc(rest / ops.length)) {
      const op = ops[rest % ops.length]!;
      lanes = step(lanes, op, maxlen, ifsq.ifsq_maxbcnt.fixed);
      yield* performReal(k, ifsq, op);
      const seen = [ifsq.ifsq_len, ifsq.ifsq_bcnt, ifsq.ifsq_prio_len, ifsq.ifsq_prio_bcnt].map((cell) => cell.peek());
      const { prio, norm } = lanes;
      if (seen.join() !== [prio.length + norm.length, bytes(lanes), prio.length, sum(prio)].join()) return -1;
    }
    yield* ifsq.ifsq_request.fixed(k, ifsq, ALTRQ_PURGE);
    k.x.progress();
  }
  yield* lwkt_serialize_exit(k, ifsq.ifsq_lock);
  return sequences;
}

function* performReal(k: Kernel, ifsq: IfaltqSubque, op: Operation): Routine<void> {
  if (op === "dequeue") {
    const m = yield* ifsq.ifsq_dequeue.fixed(k, ifsq, ALTDQ_REMOVE);
    if (m !== null) m_freem(k, m);
    return;
  }
  const m = m_gethdr(k, M_WAITOK, { id: 0, len: op.len, flags: op.prio ? M_PRIO : 0, owner: "test" });
  yield* ifsq.ifsq_enqueue.fixed(k, ifsq, m, null);
}

describe("the lengths alone", () => {
  it.each([
    [1, [100, 2000, 9000], 4],
    [2, [100, 4000, 9000], 5],
    [3, [100, 6043, 9000], 5],
    [4, [100, 9000], 6],
  ] as const)("are queued as ifsq_classic_enqueue and ifsq_classic_dequeue queue packets (ifsq_maxlen %i, lengths %j, every sequence of %i)", (qmax, lengths, length) => {
    const x = new Execution(new RoundRobin(1), new Recording(), { ...DEFAULT_LIMITS, stepsMax: 50_000_000 });
    let agreed = 0;

    const { failure } = x.run(() => {
      const { k, devices } = startWorld(x, { topology: { ...PLAIN, qmax }, workload: [], faults: NO_FAULTS });
      const ifsq = devices[0]!.rings[0]!.ifsq;
      spawnThread(k, "queue", 0, function* () {
        agreed = yield* everySequence(k, ifsq, lengths, length);
      });
    });

    expect(failure).toBeNull();
    expect(agreed).toBe((2 * lengths.length + 1) ** length);
  });
});
