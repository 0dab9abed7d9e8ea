import { expect, it } from "vitest";
import { findRoot } from "../scripts/stamp.mjs";
import { FINDINGS } from "./test-fixes.ts";
import { run } from "./test-io.ts";

const root = findRoot();

interface Told {
  readonly name: string;
  readonly lines: readonly string[];
  readonly fix: string | null;
  readonly page: string | null;
}

it("findings lists every entry with its lines, and its fix if one is kept", async () => {
  const { exit, stdout } = await run(["findings", "--json"], { root });

  const told = JSON.parse(stdout) as readonly Told[];
  expect(exit).toBe(0);
  expect(told.map(({ name }) => name)).toEqual(FINDINGS.map(({ name }) => name));
  expect(told.find(({ name }) => name === "driver-without-if-ioctl")).toMatchObject({
    kind: "Memory",
    property: "null-dereference",
    scenario: "kernel-callers",
    lines: ["1882, 1963, 1981, 2059, 2079, 2464", "1899"],
    fix: "fixes/asks-whether-there-is-a-routine",
    page: "findings/driver-without-if-ioctl.md",
  });
});

it("findings says how many there are, and how many have a fix", async () => {
  const { stdout } = await run(["findings"], { root });

  const fixed = FINDINGS.filter(({ fix }) => fix !== null).length;
  expect(stdout).toContain(`${String(FINDINGS.length)} findings, ${String(fixed)} of them with a fix`);
});
