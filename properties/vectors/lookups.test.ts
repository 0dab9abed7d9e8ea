// Lookups of addresses: recorded tables, random tables against a naive reference, and tables on which C faults.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  LOOKUP_ROUTINES,
  conformControlPlane,
  ofInterface,
  readLookup,
  withAddr,
  withDstaddr,
  withNet,
  type KnownAddress,
  type KnownInterface,
  type LookupRoutines,
} from "../../scenarios/index.ts";
import { hexOf, type Ifaddr, type Kernel } from "../../model/index.ts";
import type { Step } from "../../sim/index.ts";
import { controlPlaneLines } from "./data.ts";

const recorded = controlPlaneLines().filter((line) => line.includes('"kind":"lookup"'));
const conform = (
  lines: readonly string[],
  routines: LookupRoutines = LOOKUP_ROUTINES,
): ReturnType<typeof conformControlPlane> =>
  conformControlPlane(lines, new Map([["lookup", (line) => readLookup(line, routines)]]));

test("all 400 recorded tables agree, query by query", () => {
  expect(conform(recorded)).toEqual({ sequences: 400, operations: 9600, divergence: null });
});

describe("a wrong routine diverges", () => {
  const { ifa_ifwithaddr, ifa_ifwithdstaddr, ifa_ifwithnet } = LOOKUP_ROUTINES;
  const nothing = (k: Kernel): Step<Ifaddr | null> => k.x.ready(null);
  const WRONG: readonly (readonly [string, Partial<LookupRoutines>])[] = [
    ["a lookup by address that finds no one", { ifa_ifwithaddr: nothing }],
    ["a lookup by address that looks for the other end", { ifa_ifwithaddr: ifa_ifwithdstaddr }],
    ["a lookup of the other end that looks for the address", { ifa_ifwithdstaddr: ifa_ifwithaddr }],
    ["a lookup by network that looks for the address", { ifa_ifwithnet: ifa_ifwithaddr }],
    ["a lookup on an interface that looks everywhere", { ifaof_ifpforaddr: ifa_ifwithnet }],
  ];
  test.each(WRONG)("%s", (_what, routines) => {
    expect(conform(recorded, { ...LOOKUP_ROUTINES, ...routines })).toMatchObject({ divergence: { fields: [{ field: "result" }] } });
  });
});

// -- random tables ------------------------------------------------------------------------------------

const INET = 2;
const INET6 = 28;
const LINK = 18;

/** Few values a byte, so that tables hold neighbours. */
const few = fc.constantFrom(0, 1, 2, 128, 255);
const address = (family: number): fc.Arbitrary<Uint8Array> => {
  const [size, from, count] = family === INET ? [16, 4, 4] : family === INET6 ? [28, 8, 4] : [20, 2, 1];
  return fc.array(few, { minLength: count, maxLength: count }).map((data) => {
    const bytes = new Uint8Array(size);
    bytes.set([size, family]);
    bytes.set(data, from);
    return bytes;
  });
};
/** A mask with the length it has or cut behind its last byte; contiguous or not. */
const mask = (family: number): fc.Arbitrary<Uint8Array> =>
  fc.tuple(address(family), fc.nat({ max: 2 })).map(([bytes, form]) => {
    if (form === 0) return bytes;
    let end = bytes.length;
    while (end > 2 && bytes[end - 1] === 0) end--;
    if (form === 2) end = Math.min(end, 1);
    const cut = bytes.slice(0, Math.max(end, 2));
    cut.set([end, 0]);
    return cut;
  });
const families = fc.constantFrom(INET, INET, INET6, LINK);
const knownAddress = (family: number, pointToPoint: boolean): fc.Arbitrary<KnownAddress> =>
  fc.record({
    addr: address(family),
    dst: fc.option(address(family), { freq: 4 }),
    mask: family === LINK ? fc.constant(null) : fc.option(mask(family), { freq: 4 }),
  })
    // Without another end, and with a mask, C follows a null pointer: that is tried by itself.
    .map((known) => (pointToPoint && known.dst === null ? { ...known, mask: null } : known));
const knownInterface: fc.Arbitrary<KnownInterface> = fc.boolean().chain((pointToPoint) =>
  fc.record({
    index: fc.constant(0),
    broadcast: fc.boolean(),
    pointToPoint: fc.constant(pointToPoint),
    addrs: fc.array(families.chain((family) => knownAddress(family, pointToPoint)), { maxLength: 5 }),
  }));
const tables = fc
  .uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 })
  .chain((indices) => fc.tuple(...indices.map((index) => knownInterface.map((known) => ({ ...known, index })))));
const queries = fc.array(
  fc.record({
    fn: fc.constantFrom("ifa_ifwithaddr", "ifa_ifwithdstaddr", "ifa_ifwithnet", "ifaof_ifpforaddr" as const),
    addr: fc.oneof({ weight: 9, arbitrary: families.chain(address) }, { weight: 1, arbitrary: fc.constant(Uint8Array.of(4, 200, 1, 1)) }),
    which: fc.nat({ max: 3 }),
  }),
  { minLength: 1, maxLength: 12 },
);

/** What the reference answers, or null where nothing is found. */
function answer(table: readonly KnownInterface[], fn: string, addr: Uint8Array, on: KnownInterface): KnownAddress | null {
  if (fn === "ifa_ifwithaddr") return withAddr(table, addr);
  if (fn === "ifa_ifwithdstaddr") return withDstaddr(table, addr);
  return fn === "ifa_ifwithnet" ? withNet(table, addr) : ofInterface(on, addr);
}

/** A line as it would have been recorded of a kernel that does what the reference does. */
function lineOf(table: readonly KnownInterface[], asked: readonly { fn: string; addr: Uint8Array; which: number }[]): string {
  const hex = (bytes: Uint8Array | null): string | null => (bytes === null ? null : hexOf(bytes));
  const placeOf = (found: KnownAddress | null): unknown => {
    const on = table.find(({ addrs }) => found !== null && addrs.includes(found));
    return on === undefined || found === null ? null : [on.index, on.addrs.indexOf(found)];
  };
  const onOf = (which: number): KnownInterface => table[which % table.length]!;
  return JSON.stringify({
    seed: 1,
    kind: "lookup",
    interfaces: table.map(({ index, broadcast, pointToPoint, addrs }) => ({
      index,
      flags: 1 | (broadcast ? 2 : 0) | (pointToPoint ? 16 : 0),
      addrs: addrs.map((known) => ({ addr: hex(known.addr), dst: hex(known.dst), mask: hex(known.mask) })),
    })),
    queries: asked.map(({ fn, addr, which }) => ({ fn, addr: hexOf(addr), ifp: onOf(which).index })),
    results: asked.map(({ fn, addr, which }) => placeOf(answer(table, fn, addr, onOf(which)))),
  });
}

/** An AF_LINK address with an index is no question for a network: it is looked up in the index table. */
const isByIndex = ({ fn, addr }: { fn: string; addr: Uint8Array }): boolean =>
  fn === "ifa_ifwithnet" && addr[1] === LINK && (addr[2] !== 0 || addr[3] !== 0);

test("random tables: every lookup answers what the reference does (600 tables)", () => {
  fc.assert(
    fc.property(tables, queries, (table, asked) => {
      const fair = asked.filter((query) => !isByIndex(query));
      if (fair.length === 0) return;
      expect(conform([lineOf(table, fair)])).toMatchObject({ divergence: null });
    }),
    { numRuns: 600, seed: 4 },
  );
});

// -- faults -------------------------------------------------------------------------------------------

const inet = (last: number): string => `100200000a0000${last.toString(16).padStart(2, "0")}0000000000000000`;
const link = (index: number): string => `1412${index.toString(16).padStart(2, "0")}00${"00".repeat(16)}`;
const MASK = "07000000ffffff";

/** A line whose only query is recorded as a fault. */
const faulty = (interfaces: readonly object[], query: object): string =>
  JSON.stringify({ seed: 1, kind: "lookup", interfaces, queries: [query], results: ["fault"] });
const on = (index: number, flags: number, ...addrs: readonly object[]): object => ({ index, flags, addrs });
const row = (addr: string | null, dst: string | null = null, mask: string | null = null): object => ({ addr, dst, mask });
const ask = (fn: string, addr: string, ifp = 1): object => ({ fn, addr, ifp });

describe("where C faults the model reports what is wrong with the memory", () => {
  const NULL = /^Memory null-dereference: .* is NULL and was followed$/;
  const BEYOND = /^Memory out-of-bounds: .* accessed past its end$/;
  test.each([
    ["the index of an interface that is gone", [on(1, 3, row(link(1))), on(3, 3, row(link(3)))], ask("ifa_ifwithnet", link(2)), NULL],
    ["a point-to-point address with a mask and no other end", [on(1, 17, row(inet(1), null, MASK))], ask("ifaof_ifpforaddr", inet(2)), NULL],
    ["an interface that is not there", [on(1, 3, row(inet(1)))], ask("ifaof_ifpforaddr", inet(1), 2), NULL],
    ["an address without ifa_addr, by address", [on(1, 3, row(null))], ask("ifa_ifwithaddr", inet(1)), NULL],
    ["an address without ifa_addr, by other end", [on(1, 17, row(null))], ask("ifa_ifwithdstaddr", inet(1)), NULL],
    ["an address without ifa_addr, by network", [on(1, 3, row(null))], ask("ifa_ifwithnet", inet(1)), NULL],
    ["an address without ifa_addr, on an interface", [on(1, 3, row(null))], ask("ifaof_ifpforaddr", inet(1)), NULL],
    ["a mask longer than the addresses", [on(1, 3, row(inet(1), null, `1c000000${"ff".repeat(24)}`))], ask("ifa_ifwithnet", inet(1)), BEYOND],
    ["a mask longer than the addresses, on an interface", [on(1, 3, row(inet(1), null, `1c000000${"ff".repeat(24)}`))], ask("ifaof_ifpforaddr", inet(1)), BEYOND],
    ["a mask longer than its memory", [on(1, 3, row(inet(1), null, "07000000ff"))], ask("ifa_ifwithnet", inet(1)), BEYOND],
    ["masks to compare that are longer than their memory", [on(1, 3, row("060200000a00", null, "05000000ff"), row("060200000a00", null, "0600"))], ask("ifa_ifwithnet", "060200000a00"), BEYOND],
    ["an address longer than its memory", [on(1, 3, row("20020a"))], ask("ifa_ifwithaddr", "20020a"), BEYOND],
    ["an address without a family", [on(1, 3, row(inet(1)))], ask("ifa_ifwithaddr", "10"), BEYOND],
    ["an address of no bytes", [on(1, 3, row(inet(1)))], ask("ifa_ifwithnet", ""), BEYOND],
    ["a link address without its index", [on(1, 3, row(link(1)))], ask("ifa_ifwithnet", "1412"), BEYOND],
    ["a broadcast address of no bytes", [on(1, 3, row(inet(1), ""))], ask("ifa_ifwithaddr", inet(2)), BEYOND],
  ])("%s", (_what, interfaces, query, message) => {
    const result = conform([faulty(interfaces, query)]);

    expect(result).toMatchObject({ divergence: { operation: { index: 0 } } });
    const [field] = ("divergence" in result ? result.divergence : null)?.fields ?? [];
    expect(field?.expected).toBe("fault");
    expect(field?.got).toMatch(message);
  });

  test.each([
    ["an index behind the last one", ask("ifa_ifwithnet", link(9))],
    ["an address of another family", ask("ifa_ifwithaddr", "10020000" + "00".repeat(12))],
    ["a family there is none of", ask("ifaof_ifpforaddr", "04240000")],
  ])("and none where C does not: %s", (_what, query) => {
    const line = { seed: 1, kind: "lookup", interfaces: [on(1, 3, row(link(1)))], queries: [query], results: [null] };
    expect(conform([JSON.stringify(line)])).toMatchObject({ divergence: null });
  });
});

const anyBytes = fc.oneof(
  fc.constant(null),
  fc.constantFrom(inet(1), inet(2), link(1), link(2), MASK),
  fc.tuple(fc.constantFrom(0, 1, 2, 4, 8, 16, 28, 255), fc.constantFrom(0, 2, 18, 28, 36), fc.uint8Array({ maxLength: 20 })).map(
    ([length, family, data]) => hexOf(Uint8Array.of(length, family, ...data)),
  ),
  fc.uint8Array({ maxLength: 3 }).map(hexOf),
);
const anyTable = fc.array(
  fc.record({
    index: fc.integer({ min: 1, max: 4 }),
    flags: fc.constantFrom(1, 3, 17, 19),
    addrs: fc.array(fc.record({ addr: anyBytes, dst: anyBytes, mask: anyBytes }), { maxLength: 3 }),
  }),
  { maxLength: 3 },
);
const anyQuery = fc.record({
  fn: fc.constantFrom("ifa_ifwithaddr", "ifa_ifwithdstaddr", "ifa_ifwithnet", "ifaof_ifpforaddr"),
  addr: anyBytes.map((hex) => hex ?? ""),
  ifp: fc.integer({ min: 0, max: 5 }),
});

test("tables of any bytes: an answer, or a failure of the memory, and nothing else (500 tables)", () => {
  const outcomes = new Set<string>();
  fc.assert(
    fc.property(anyTable, anyQuery, (interfaces, query) => {
      const result = conform([JSON.stringify({ seed: 1, kind: "lookup", interfaces, queries: [query], results: ["fault"] })]);
      const got = ("divergence" in result ? result.divergence : null)?.fields[0]?.got;
      const outcome = got === undefined ? "answer" : JSON.stringify(got).slice(1).replace(/:.*/, "");
      outcomes.add(outcome);
      expect(["answer", "Memory null-dereference", "Memory out-of-bounds"]).toContain(outcome);
    }),
    { numRuns: 500, seed: 9 },
  );
  expect(outcomes.size).toBe(3);
});

describe("a line that cannot be read", () => {
  const LINE = { seed: 1, kind: "lookup", interfaces: [on(1, 3, row(link(1)))], queries: [ask("ifa_ifwithaddr", link(1))], results: [[1, 0]] };
  test.each([
    ["bytes in other letters", { queries: [ask("ifa_ifwithaddr", "zz")] }, 'line 1: query 0: "addr" must be bytes in hexadecimal, not "zz"'],
    ["half a byte", { queries: [ask("ifa_ifwithaddr", "102")] }, 'line 1: query 0: "addr" must be bytes in hexadecimal, not "102"'],
    ["another function", { queries: [ask("constructor", link(1))] }, 'line 1: query 0: unknown function "constructor"'],
    ["no query", { queries: [], results: [] }, "line 1: a sequence without operations"],
    ["a result missing", { results: [] }, "line 1: 1 queries but 0 results"],
    ["a result too many", { results: [null, null] }, "line 1: 1 queries but 2 results"],
    ["a result of three", { results: [[1, 0, 0]] }, "line 1: result 0: two numbers are needed"],
    ["an impossible index", { interfaces: [on(0, 3)] }, 'line 1: interface 0: "index": must be an integer from 1 to 65535, not 0'],
  ])("%s", (_what, change, unreadable) => {
    expect(conform([JSON.stringify({ ...LINE, ...change })])).toEqual({ unreadable });
  });
});

