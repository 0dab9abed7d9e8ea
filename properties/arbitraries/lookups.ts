/** Operations of `lookups` actors: addresses out of a few, so that tables hold neighbours and questions have answers. */
import fc from "fast-check";
import { LOOKUPS, type LookupOp } from "../../scenarios/index.ts";

const ADDRESSES = ["0a000001", "0a000002", "0a0000ff", "0a000101"].map((data) => `10020000${data}${"00".repeat(8)}`);
const SIX = `1c1c000000000000${"2001".padEnd(32, "0")}${"00".repeat(4)}`;
const MASKS = ["05000000ff", "06000000ffff", "07000000ffffff", "08000000ffffffff"];
/** AF_LINK, by the index of an interface: interface 0 has the first. */
const LINKS = ["01", "02", "03"].map((index) => `1412${index}00${"00".repeat(16)}`);

/** Of a family beyond all that there are. */
const BEYOND = `10ff0000${"00".repeat(12)}`;

const inet = fc.constantFrom(...ADDRESSES);
/** Interface 0 is the one that may go; what is put on it is the interface's business then. */
const iface = fc.integer({ min: 1, max: 2 });

/** As a CARP backup or a tunnel does. */
const CLAIM: LookupOp = { op: "add", iface: 1, addr: `100200000a000001${"00".repeat(8)}`, dst: null, mask: "07000000ffffff", tail: true, claims: true };

const add: fc.Arbitrary<LookupOp> = fc.oneof(
  { weight: 6, arbitrary: fc.record({
    op: fc.constant("add" as const),
    iface,
    addr: inet,
    dst: fc.oneof({ weight: 5, arbitrary: inet }, { weight: 1, arbitrary: fc.constant(null) }),
    mask: fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...MASKS) }, { weight: 1, arbitrary: fc.constant(null) }),
    tail: fc.boolean(),
  }) },
  { weight: 1, arbitrary: fc.constant(CLAIM) },
  { weight: 1, arbitrary: fc.constant<LookupOp>({ op: "add", iface: 1, addr: SIX, dst: null, mask: null, tail: true }) },
);
const question = <T extends (typeof LOOKUPS)[number]>(fn: fc.Arbitrary<T>, addr: fc.Arbitrary<string>): fc.Arbitrary<LookupOp> =>
  fc.record({ op: fc.constant("ask" as const), fn, addr, iface });
const ask: fc.Arbitrary<LookupOp> = fc.oneof(
  { weight: 9, arbitrary: question(fc.constantFrom(...LOOKUPS), fc.oneof({ weight: 6, arbitrary: inet }, { weight: 1, arbitrary: fc.constantFrom(SIX, BEYOND) })) },
  { weight: 1, arbitrary: question(fc.constant("ifa_ifwithnet" as const), fc.constantFrom(...LINKS)) },
);
const remove: fc.Arbitrary<LookupOp> = fc.record({ op: fc.constant("remove" as const), which: fc.nat({ max: 3 }) });
const mac: fc.Arbitrary<LookupOp> = fc.record({ op: fc.constant("mac" as const), minlen: fc.constantFrom(0, 6, 7) });

/** So many operations; questions are the most frequent ones. */
export const lookupOps = (least: number, most: number): fc.Arbitrary<readonly LookupOp[]> =>
  fc.array(
    fc.oneof({ weight: 6, arbitrary: add }, { weight: 8, arbitrary: ask }, { weight: 2, arbitrary: remove }, { weight: 1, arbitrary: mac }),
    { minLength: least, maxLength: most },
  );
