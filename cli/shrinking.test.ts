import { beforeAll, describe, expect, it } from "vitest";
import type { Kill } from "./test-hunt.ts";
import { BREAKING, killRecorded } from "./test-mutants.ts";
import { shrinkKill } from "./test-shrinking.ts";

const mutant = BREAKING.find(({ name }) => name === "does-not-chase-the-owner")!;

describe("shrinking a failure of the kernel", () => {
  let kill: Kill;

  beforeAll(async () => {
    kill = (await killRecorded(mutant))!;
  });

  it("makes schedule and record small, the same again, and the failure stays", async () => {
    const [one, two] = [await shrinkKill(mutant, kill, 1500), await shrinkKill(mutant, kill, 1500)];

    expect(one).toMatchObject({ shows: true, found: { actors: 5, packets: 4 } });
    expect(one.found.choices).toBeGreaterThan(50);
    expect(one.shrunk.actors).toBeLessThanOrEqual(3);
    expect(one.shrunk.choices).toBeLessThanOrEqual(4);
    expect(one.shrunk.packets).toBeLessThanOrEqual(3);
    expect(two.text).toBe(one.text);
  });

  it("changes nothing without a budget", async () => {
    const { found, shrunk } = await shrinkKill(mutant, kill, 0);

    expect(shrunk).toEqual(found);
  });
});
