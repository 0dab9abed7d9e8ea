/**
 * What a lookup of an address has to answer, said as plainly as possible: sets of bits and the first that fits, on
 * tables that are data. It shares no line with the model.
 */

/** One address of an interface; the bytes of its sockaddrs. */
export interface KnownAddress {
  readonly addr: Uint8Array;
  readonly dst: Uint8Array | null;
  readonly mask: Uint8Array | null;
  /** It answers for what is {@link claimed}, and for no network. */
  readonly claims?: boolean;
}

/** What an address that claims others answers for: 10.0.1.0/24. */
export const claimed = (addr: Uint8Array): boolean => addr.subarray(4, 7).join(".") === "10.0.1";

/** One interface, its addresses in the order of a CPU's list. */
export interface KnownInterface<A extends KnownAddress = KnownAddress> {
  readonly index: number;
  readonly broadcast: boolean;
  readonly pointToPoint: boolean;
  readonly addrs: readonly A[];
}

const AF_INET = 2;
const FAMILIES = 36;

const family = (sa: Uint8Array): number => sa[1] ?? 0;
const text = (sa: Uint8Array): string => sa.subarray(0, sa[0]).join();
/** The same address: the same bytes, as many as it says. */
const same = (a: Uint8Array, b: Uint8Array | null): boolean => b !== null && text(a) === text(b);

/** The numbers of the bits that are set in bytes `from` and up to the end the mask says. */
function bits(mask: Uint8Array, from: number): readonly number[] {
  const set: number[] = [];
  for (let bit = from * 8; bit < (mask[0] ?? 0) * 8; bit++) if (bitOf(mask, bit) === 1) set.push(bit);
  return set;
}
const bitOf = (bytes: Uint8Array, bit: number): number => ((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1;

/** Is every bit of the network part the same? */
const inNetwork = (addr: Uint8Array, own: Uint8Array, mask: Uint8Array): boolean =>
  bits(mask, 2).every((bit) => bitOf(addr, bit) === bitOf(own, bit));

/** Does one mask cover all that the other one covers, and more? */
function isMoreSpecific(one: Uint8Array, other: Uint8Array): boolean {
  const of = bits(one, 1);
  const than = bits(other, 1);
  return of.length > than.length && than.every((bit) => of.includes(bit));
}

interface Place<A extends KnownAddress> {
  readonly on: KnownInterface<A>;
  readonly at: A;
}

const places = <A extends KnownAddress>(table: readonly KnownInterface<A>[], addr: Uint8Array): readonly Place<A>[] =>
  table.flatMap((on) => on.addrs.map((at) => ({ on, at }))).filter(({ at }) => family(at.addr) === family(addr));

/** `ifa_ifwithaddr`. */
export function withAddr<A extends KnownAddress>(table: readonly KnownInterface<A>[], addr: Uint8Array): A | null {
  const found = places(table, addr).find(
    ({ on, at }) => same(addr, at.addr) || (on.broadcast && (at.dst?.[0] ?? 0) !== 0 && same(addr, at.dst)),
  );
  return found?.at ?? null;
}

/** `ifa_ifwithdstaddr`. */
export function withDstaddr<A extends KnownAddress>(table: readonly KnownInterface<A>[], addr: Uint8Array): A | null {
  return places(table, addr).find(({ on, at }) => on.pointToPoint && same(addr, at.dst))?.at ?? null;
}

/** `ifa_ifwithnet`, of an address that names no index of an interface. */
export function withNet<A extends KnownAddress>(table: readonly KnownInterface<A>[], addr: Uint8Array): A | null {
  const isOtherEnd = ({ on }: Place<A>): boolean => on.pointToPoint && family(addr) === AF_INET;
  const isClaim = (place: Place<A>): boolean => !isOtherEnd(place) && place.at.claims === true;
  const fitting = places(table, addr).filter((place) => {
    if (isOtherEnd(place)) return same(addr, place.at.dst);
    if (isClaim(place)) return claimed(addr);
    return place.at.mask !== null && inNetwork(addr, place.at.addr, place.at.mask);
  });
  // The other end of a link, or who claims the address, is taken at once, whatever network was found before.
  const end = fitting.find((place) => isOtherEnd(place) || isClaim(place));
  if (end !== undefined) return end.at;
  let best: A | null = null;
  for (const { at } of fitting) {
    if (best === null || isMoreSpecific(at.mask ?? NOTHING, best.mask ?? NOTHING)) best = at;
  }
  return best;
}
const NOTHING = new Uint8Array(1);

/** `ifaof_ifpforaddr`, where a point-to-point interface's addresses with a mask have another end. */
export function ofInterface<A extends KnownAddress>(on: KnownInterface<A>, addr: Uint8Array): A | null {
  if (family(addr) >= FAMILIES) return null;
  const own = places([on], addr).map(({ at }) => at);
  const fits = ({ addr: self, dst, mask }: A): boolean => {
    if (mask === null) return same(addr, self) || same(addr, dst);
    if (on.pointToPoint) return same(addr, dst);
    return (mask[0] ?? 0) >= 2 && inNetwork(addr, self, mask);
  };
  return own.find(fits) ?? own[0] ?? null;
}
