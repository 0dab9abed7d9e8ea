import { describe, expect, it } from "vitest";
import { StillMachine } from "../test-context.ts";
import {
  AF_INET,
  AF_LINK,
  Sockaddr,
  bytesOf,
  copySockaddr,
  hexOf,
  lladdrAt,
  loadSockaddr,
  saFamily,
  saLen,
  sa_equal,
  sdlAlen,
  sdlIndex,
  sdlNlen,
  sdlType,
  sockaddrDl,
  sockaddrIn,
  sockaddrIn6,
  storeSockaddr,
} from "./sockaddr.ts";

const machine = new StillMachine();
const { k } = machine;
const sockaddr = (hex: string): Sockaddr => new Sockaddr(k, "address", bytesOf(hex));
const equal = (a: Sockaddr | null, b: Sockaddr | null): boolean =>
  machine.call(0, "thread", () => sa_equal(k, a, b));

describe("sa_equal", () => {
  it.each([
    ["the same", "050200ff01", "050200ff01", true],
    ["different in the last byte", "050200ff01", "050200ff02", false],
    ["longer than meant, alike in what is meant", "03020a0b", "03020a0c", true],
    ["of other lengths", "04020a00", "03020a00", false],
    ["of other families", "03020a", "031c0a", false],
    ["of length 0, like any", "00", "10020000", true],
  ])("compares two that are %s", (_what, a, b, same) => {
    expect(equal(sockaddr(a), sockaddr(b))).toBe(same);
  });

  it.each([
    ["the first is NULL", null, "0202", /null-dereference: a1 is NULL/],
    ["the second is NULL", "0202", null, /null-dereference: a2 is NULL/],
    ["the first has no byte", "", "0202", /out-of-bounds/],
    ["both are alike up to the end of the memory", "080201", "080201", /out-of-bounds: address accessed past its end/],
  ])("fails where %s", (_what, a, b, message) => {
    const of = (hex: string | null): Sockaddr | null => (hex === null ? null : sockaddr(hex));

    expect(() => equal(of(a), of(b))).toThrow(message);
  });
});

describe("sockaddrs", () => {
  it("have their length and family in front", () => {
    const bytes = [sockaddrIn([10, 0, 0, 1]), sockaddrIn6([0x20, 1, ...Array<number>(14).fill(0)])];

    expect(bytes.map(hexOf)).toEqual(["100200000a0000010000000000000000", `1c1c0000000000002001${"00".repeat(18)}`]);
    const sa = new Sockaddr(k, "address", bytes[0]!);
    expect(machine.call(0, "thread", () => saLen(k, sa))).toBe(16);
    expect(machine.call(0, "thread", () => saFamily(k, sa))).toBe(AF_INET);
  });

  it("of a link say index, type, name and address", () => {
    const bytes = sockaddrDl({ sdl_index: 0x102, sdl_type: 6, name: "em0", address: [1, 2, 3, 4, 5, 6] });
    const sdl = new Sockaddr(k, "lladdr", bytes);

    expect([bytes[0], bytes[1], bytes.length]).toEqual([54, AF_LINK, 54]);
    expect([sdlIndex, sdlType, sdlNlen, sdlAlen, lladdrAt].map((of) => of(k, sdl, bytes))).toEqual([0x102, 6, 3, 6, 11]);
    expect(hexOf(bytes.subarray(11, 17))).toBe("010203040506");
  });

  it("are copied as long as they say, and no longer than they are", () => {
    const copy = (hex: string): string =>
      hexOf(machine.call(0, "thread", () => copySockaddr(k, sockaddr(hex))));

    expect([copy("0302aabb"), copy("00ff")]).toEqual(["0302aa", ""]);
    expect(() => copy("0502aabb")).toThrow(/out-of-bounds/);
  });

  it("change where they are told to, and are gone with their memory", () => {
    const sa = new Sockaddr(k, "lladdr", bytesOf("031200"), "changes");
    machine.call(0, "thread", () => storeSockaddr(k, sa, bytesOf("031207")));

    expect(hexOf(machine.call(0, "thread", () => loadSockaddr(k, sa)))).toBe("031207");
    sa.bury({ label: "lladdr", facts: [] });
    expect(() => machine.call(0, "thread", () => loadSockaddr(k, sa))).toThrow(/use-after-free/);
  });
});
