import { describe, expect, it } from "vitest";
import { Execution, Gate, Recording, RoundRobin, Struct, word } from "../sim/index.ts";
import { classOf, kindOf } from "./names.ts";

const labelled = (label: string): object => ({ label });

describe("the class of an object", () => {
  it.each([
    ["em0 subq 1 ifsq_lock", "subq ifsq_lock"],
    ["em0 if_default_serializer", "if_default_serializer"],
    ["em12 tx3 serializer", "tx serializer"],
    ["sleepers on em0 tx0 serializer", "sleepers on tx serializer"],
    ["ipiq 0 to 3", "IPI ring"],
    ["netisr_cpu 2 port", "netisr port"],
    ["ifnet 0 port", "ifnet thread port"],
    ["send 3 port", "thread port"],
    ["sleepers on netisr_cpu 0 port", "sleepers on netisr port"],
    ["em0 tx1 watchdog wd_callout", "tx watchdog wd_callout"],
    ["if_slowtimo_timer", "if_slowtimo_timer"],
  ])("%s is %s", (label, type) => {
    expect(classOf(labelled(label))).toBe(type);
  });

  it("of a field is its name, whatever interface, ring or place in a table it belongs to", () => {
    const x = new Execution(new RoundRobin(), new Recording());
    class Table extends Struct {
      readonly if_flags = word(this, 0);
      readonly slots = [word(this, 0), word(this, 0)];
    }
    const [em0, em1] = [new Table(x, "em0"), new Table(x, "em1")];

    expect([classOf(em0.if_flags), classOf(em1.if_flags)]).toEqual(["if_flags", "if_flags"]);
    expect(classOf(new Table(x, "ifindex2ifnet").slots[1]!)).toBe("ifindex2ifnet slots");
  });

  it("of what has no label is what it is made of", () => {
    const x = new Execution(new RoundRobin(), new Recording());

    expect(classOf(x.processor())).toBe("cpu");
    expect(classOf(new Gate(x, ""))).toBe("Gate");
  });
});

describe("the kind of a context", () => {
  const x = new Execution(new RoundRobin(), new Recording());
  const cpu = x.processor();
  const body = function* () {
    // Never run.
  };

  it.each([
    ["netisr_cpu 1", "netisr"],
    ["ifnet 1", "ifnet thread"],
    ["softclock 0", "softclock"],
    ["ithread em0 tx0", "ithread"],
    ["send 0", "thread"],
  ])("thread %s is %s", (name, kind) => {
    expect(kindOf(x.thread(name, cpu, body))).toBe(kind);
  });

  it.each([
    ["cpu0 ipi", "IPI"],
    ["cpu0 timer", "clock interrupt"],
    ["em0 tx0", "interrupt"],
  ])("interrupt line %s is %s", (name, kind) => {
    expect(kindOf(x.line(name, cpu, body))).toBe(kind);
  });

  it.each([
    ["clock", "clock"],
    ["em0 tx0", "device"],
    ["ifnet_start_lo0", "start thread"],
    ["dlil_main_input", "input thread"],
    ["ifnet_detacher", "detacher"],
    ["loopback 1", "thread"],
  ])("agent %s is %s", (name, kind) => {
    expect(kindOf(x.spawn(name, body))).toBe(kind);
  });
});
