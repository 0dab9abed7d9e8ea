import { describe, expect, it } from "vitest";
import type { Failure } from "../sim/index.ts";
import { fingerprint } from "./fingerprint.ts";
import { modelledStack } from "./stack.ts";

const failure = (change: Partial<Failure> = {}): Failure => ({
  kind: "Violation",
  id: "no-lost-start",
  message: "A packet waits.",
  facts: [],
  ...change,
});

describe("the fingerprint of a failure in a context", () => {
  const stack = ["ifq_dispatch", "ifsq_enqueue"];

  it("depends on kind, id and routines", () => {
    const all = [
      fingerprint(failure(), [stack]),
      fingerprint(failure({ kind: "Panic" }), [stack]),
      fingerprint(failure({ id: "other" }), [stack]),
      fingerprint(failure(), [["ifq_handoff", "ifsq_enqueue"]]),
    ];

    expect(new Set(all).size).toBe(all.length);
    expect(all[0]).toMatch(/^[0-9a-f]{16}$/);
  });

  it("does not depend on the message, the facts, or how deep a routine recurses", () => {
    const told = failure({ message: "another scenario", facts: [["by", "sender 3"]] });

    expect(fingerprint(told, [["ifq_dispatch", "ifsq_enqueue", "ifsq_enqueue"]])).toBe(
      fingerprint(failure(), [stack]),
    );
  });
});

describe("the fingerprint of a promise broken at quiescence", () => {
  const broken = (value: string): string => fingerprint(failure({ facts: [["em0/0", value]] }), []);

  it("tells states of the same promise apart", () => {
    expect(broken("ifsq_started true")).not.toBe(broken("ifsq_started false"));
  });

  it("does not depend on numbers", () => {
    expect(broken("ifsq_len 1 ifsq_started true")).toBe(broken("ifsq_len 17 ifsq_started true"));
  });
});

describe("the fingerprint of a race", () => {
  const race = failure({ kind: "Race", id: "race", message: "em0/0 ifsq_cpuid: unordered" });

  it("is its field and its two sites, in either order", () => {
    const a = ["ifq_dispatch", "ifsq_sched"];
    const b = ["ifsq_set_cpuid"];

    expect(fingerprint(race, [a, b])).toBe(fingerprint(race, [b, a]));
    expect(fingerprint(race, [a, b])).not.toBe(fingerprint(race, [a, a]));
  });
});

describe("the modelled stack", () => {
  function* lwkt_serialize_enter(out: (readonly string[])[]): Generator<undefined, void> {
    yield;
    out.push(modelledStack(camelHelper));
    camelHelper(out);
  }
  function camelHelper(out: (readonly string[])[]): void {
    out.push(modelledStack(camelHelper));
  }
  function* ifq_dispatch(out: (readonly string[])[]): Generator<undefined, void> {
    yield* lwkt_serialize_enter(out);
  }

  it("is the kernel routines through yield*, outermost first", () => {
    const out: (readonly string[])[] = [];
    const thread = ifq_dispatch(out);

    thread.next();
    thread.next();

    expect(out[1]).toEqual(["ifq_dispatch", "lwkt_serialize_enter"]);
  });
});
