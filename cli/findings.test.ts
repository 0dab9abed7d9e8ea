import { describe, expect, it } from "vitest";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findRoot } from "../scripts/stamp.mjs";
import { engine } from "./engine.ts";
import { sitesIn } from "./examine.ts";
import { loadFindings } from "./findings.ts";
import { emptyFolder } from "./test-io.ts";
import { readToken } from "./tokens.ts";

describe("intended races", () => {
  it("are entries with both sites and a reason, and the sites are those of the race", async () => {
    const races = loadFindings(join(findRoot(), "findings")).filter(({ kind }) => kind === "Race");
    expect(races.length).toBeGreaterThan(30);
    for (const { name, token, fingerprint, sites } of races) {
      expect([name, sitesIn(engine, await readToken(token), fingerprint)]).toEqual([name, sites]);
    }
  });

  it.each([undefined, [], ["load in a"], ["load in a", ""], ["load in a", "store in b", "store in c"], "load in a"])(
    "are refused with sites %j",
    (sites) => {
      const folder = join(emptyFolder(), "findings");
      mkdirSync(folder);
      const entry = { property: "data-race", kind: "Race", fingerprint: "0", token: "t", reason: "r", sites };
      writeFileSync(join(folder, "one.json"), JSON.stringify(entry));

      expect(() => loadFindings(folder)).toThrow(
        "findings/one.json: sites must be two texts: where the accesses of the race stand (npm run findings writes them)",
      );
    },
  );
});
