// Recorded operation sequences on the send queue: the model agrees with every one, and would not if it were wrong.

import { describe, expect, test } from "vitest";
import {
  IFQ_ROUTINES,
  IfqMachine,
  conformIfq,
  recognise,
  type Conformance,
  type IfqRoutines,
} from "../../scenarios/index.ts";
import { if_start_rollup, ifq_dispatch } from "../../model/index.ts";
import { sequenceLines } from "./data.ts";

const lines = sequenceLines();

const conformance = (given: readonly string[], routines: IfqRoutines = IFQ_ROUTINES): Conformance => {
  const result = conformIfq(given, (config) => new IfqMachine(config, routines));
  if ("unreadable" in result) throw new Error(result.unreadable);
  return result;
};

/** The same line with something in it changed. */
const changed = (line: string, change: (sequence: Sequence) => void): string => {
  const sequence = JSON.parse(line) as Sequence;
  change(sequence);
  return JSON.stringify(sequence);
};

interface Sequence {
  config: Record<string, number>;
  ops: Record<string, unknown>[];
  states: Record<string, unknown>[];
}

test("all 400 recorded sequences agree, operation by operation", () => {
  expect(conformance(lines)).toEqual({ sequences: 400, operations: 20_000, divergence: null });
});

test("the format is told from the content", () => {
  expect(recognise(lines.join("\n"))).toBe("ifq-sequential");
  expect(recognise(lines[0]!.slice(0, 60))).toBe("ifq-sequential");
});

test("blank lines between and behind sequences are passed over, line numbers still count them", () => {
  const wrong = changed(lines[1]!, ({ states }) => (states[3]!["error"] = 99));
  expect(conformance([lines[0]!, "", wrong, ""])).toMatchObject({ sequences: 2, divergence: { line: 3 } });
});

describe("a recorded state that is changed is a divergence", () => {
  test("in a number of a subqueue: named by line, seed, operation and field", () => {
    const wrong = changed(lines[6]!, ({ states }) => {
      const { subqs } = states[20] as { subqs: { len: number }[] };
      subqs[0]!.len += 1;
    });
    const { sequences, operations, divergence } = conformance([...lines.slice(0, 6), wrong, ...lines.slice(7)]);
    expect({ sequences, operations }).toEqual({ sequences: 7, operations: 6 * 50 + 20 });
    expect(divergence).toMatchObject({ line: 7, seed: 7, operation: { index: 20 } });
    expect(divergence?.fields.map(({ field }) => field)).toEqual(["subqs[0].len"]);
    const [difference] = divergence!.fields;
    expect(difference!.expected).toBe((difference!.got as number) + 1);
  });

  const FIELDS = ["error", "freed", "sent", "obytes", "omcasts", "msgs", "ipis"];
  test.each(FIELDS)("in %s", (field) => {
    const wrong = changed(lines[0]!, ({ states }) => {
      const before = states[40]![field];
      states[40]![field] = typeof before === "number" ? before + 1 : (before as number[]).map((n) => n + 1).concat(
        field === "sent" || field === "freed" ? [1] : [],
      );
    });
    const { divergence } = conformance([wrong]);
    expect(divergence?.operation.index).toBe(40);
    expect(divergence?.fields.map((difference) => difference.field)).toEqual([field]);
  });

  test("in the limits of the queue: at the set-up", () => {
    const wrong = changed(lines[0]!, ({ config }) => (config["maxlen"]! += 1));
    const { divergence } = conformance([wrong]);
    expect(divergence).toMatchObject({ line: 1, operation: { index: -1 } });
    expect(divergence?.fields.map(({ field }) => field)).toEqual(["maxlen"]);
  });

  test("a recorded panic that the model does not have", () => {
    const wrong = changed(lines[0]!, ({ states }) => {
      states.length = 5;
      states[4] = { panic: "invalid packet count" };
    });
    const { divergence } = conformance([wrong]);
    expect(divergence).toMatchObject({ line: 1, operation: { index: 4 } });
    expect(divergence?.fields).toEqual([{ field: "panic", expected: "invalid packet count", got: undefined }]);
  });
});

describe("a wrong routine diverges", () => {
  test("a dispatch that forgets that it is called by a netisr", () => {
    const wrong: typeof ifq_dispatch = function* (k, ifp, m, pa) {
      const td = k.gd[k.x.current.cpu?.id ?? 0]!.gd_curthread;
      const type = td.td_type;
      td.td_type = 0;
      const error = yield* ifq_dispatch(k, ifp, m, pa);
      td.td_type = type;
      return error;
    };
    expect(conformance(lines, { ...IFQ_ROUTINES, ifq_dispatch: wrong }).divergence).not.toBeNull();
  });

  test("a dispatch that runs the rollup, too", () => {
    const wrong: typeof ifq_dispatch = function* (k, ifp, m, pa) {
      const error = yield* ifq_dispatch(k, ifp, m, pa);
      yield* if_start_rollup(k);
      return error;
    };
    expect(conformance(lines, { ...IFQ_ROUTINES, ifq_dispatch: wrong }).divergence).not.toBeNull();
  });

  test("a rollup that does nothing", () => {
    const wrong: typeof if_start_rollup = function* (k) {
      yield* k.x.ready(undefined);
    };
    expect(conformance(lines, { ...IFQ_ROUTINES, if_start_rollup: wrong }).divergence).not.toBeNull();
  });

  test("a routine that fails in a way the kernel does not know: the failure is what was got", () => {
    const wrong: typeof ifq_dispatch = function* (k, ifp, m, pa) {
      yield* ifq_dispatch(k, ifp, m, pa);
      return m.m_pkthdr.len + ifp.if_snd.altq_subq.fixed.subq[0]!.ifsq_len.held;
    };
    const { divergence } = conformance(lines, { ...IFQ_ROUTINES, ifq_dispatch: wrong });
    expect(divergence?.fields).toHaveLength(1);
    expect(divergence?.fields[0]?.field).toBe("failure");
    expect(divergence?.fields[0]?.got).toMatch(/^Discipline guard: /);
  });
});
