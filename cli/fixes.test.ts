import { describe, expect, it } from "vitest";
import { engine } from "./engine.ts";
import { entriesOf, judgedOn } from "./test-edits.ts";
import { FINDINGS, FIXES, MENDED, fixed, leftOf, shows } from "./test-fixes.ts";

/** Of the scenario, with the fix; 10,000 in the long test. */
const RUNS = 100;

describe("every known failure", () => {
  it.each(FINDINGS.map((finding) => ({ name: finding.name, finding })))("$name reproduces", async ({ finding }) => {
    expect(await shows(engine, finding)).toBe(true);
  });

  it("means something else than the others", () => {
    expect(new Set(FINDINGS.map(({ fingerprint }) => fingerprint)).size).toBe(FINDINGS.length);
  });
});

describe("every fix", () => {
  it("is the fix of a known failure, and says what it changes, why, what it mends and how deep that hides", () => {
    expect(FIXES.map(({ name }) => name).sort()).toEqual([...new Set(MENDED.map(({ fix }) => fix))].sort());
    for (const { header } of FIXES) {
      expect(header).toEqual({
        what: expect.stringMatching(/./) as string,
        why: expect.stringMatching(/./) as string,
        property: expect.stringMatching(/^[a-z-]+$/) as string,
        depth: expect.stringMatching(/^[0-9]$/) as string,
        orders: expect.any(String) as string,
        memory: "",
      });
    }
  });
});

describe("a known failure with a fix", () => {
  const verdicts: string[] = [];

  it.each(MENDED)("$name is gone with $fix, as a regression it is fixed or stale, and its scenario passes", async (mended) => {
    const { finding, fix } = mended;
    const engine = await fixed(fix);
    const [entry] = await entriesOf([finding]);

    expect(await shows(engine, finding)).toBe(false);
    // Stale: the fix makes the recorded run impossible: a lock is held there, netisrs are waited for, drivers are called earlier.
    const { status } = judgedOn(engine, entry!);
    expect(status).toMatch(/^(?:fixed|stale)$/);
    verdicts.push(status);
    expect(await leftOf(engine, mended, RUNS)).toEqual([]);
  });

  it("is called fixed more often than not", () => {
    expect(verdicts.filter((status) => status === "fixed").length).toBeGreaterThan(verdicts.length / 2);
  });
});
