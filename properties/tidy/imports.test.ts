import { describe, expect, test } from "vitest";
import { AREAS, IMPORT_RULES } from "./import-rules.ts";
import { checkImports } from "./imports.ts";
import { render } from "./sources.ts";

const check = (path: string, ...specifiers: string[]) => {
  const text = specifiers.map((specifier) => `import { x } from "${specifier}";\n`).join("");
  return render(checkImports([{ path, text }], AREAS, IMPORT_RULES));
};

describe("import rules", () => {
  test("every rule names known areas and has a reason", () => {
    for (const { from, to, reason } of IMPORT_RULES) {
      expect(AREAS).toContain(from);
      if (!/^(npm:|node:)/.test(to)) expect(AREAS).toContain(to);
      expect(reason).not.toBe("");
    }
  });

  test("no rule is listed twice", () => {
    const edges = IMPORT_RULES.map(({ from, to }) => `${from} ${to}`);

    expect(new Set(edges).size).toBe(edges.length);
  });

  test("imports run one way", () => {
    expect(check("model/net/if.ts", "../../sim/index.ts", "../kern/token.ts")).toEqual([]);
    expect(check("sim/point.ts", "../model/index.ts"))
      .toEqual(["sim/point.ts:1: sim may not import model"]);
    expect(check("scenarios/a.ts", "../properties/index.ts"))
      .toEqual(["scenarios/a.ts:1: scenarios may not import properties"]);
    expect(check("reports/a.ts", "../sim/index.ts", "../model/index.ts"))
      .toEqual(["reports/a.ts:2: reports may not import model"]);
  });

  test("inside the model kern does not know net, and sys knows neither", () => {
    expect(check("model/kern/a.ts", "../net/b.ts"))
      .toEqual(["model/kern/a.ts:1: model/kern may not import model/net"]);
    expect(check("model/sys/a.ts", "../kern/b.ts", "../net/b.ts")).toHaveLength(2);
  });

  test("a driver is written against the contract, and nothing else", () => {
    expect(check("model/dev/a.ts", "../../sim/index.ts", "../net/driver.ts", "./b.ts")).toEqual([]);
    expect(check("model/dev/a.ts", "../net/if_start.ts", "../kern/b.ts", "../sys/mbuf.ts", "../hw/card-ring.ts", "../kernel.ts"))
      .toHaveLength(5);
  });

  test("another folder is entered through its index", () => {
    expect(check("model/kern/a.ts", "../../sim/point.ts"))
      .toEqual(["model/kern/a.ts:1: enter sim through sim/index.ts"]);
    expect(check("cli/a.ts", "../sim/strategies/index.ts"))
      .toEqual(["cli/a.ts:1: enter sim through sim/index.ts"]);
  });

  test("a folder does not enter through its own index", () => {
    const message = "import the file itself, not the index of its own folder";

    expect(check("sim/a.ts", "./index.ts")).toEqual([`sim/a.ts:1: ${message}`]);
    expect(check("sim/strategies/a.ts", "../index.ts"))
      .toEqual([`sim/strategies/a.ts:1: ${message}`]);
    expect(check("sim/a.ts", "./strategies/index.ts")).toEqual([]);
  });

  test("packages and Node's modules are listed", () => {
    expect(check("sim/rng.ts", "seedrandom")).toEqual([]);
    expect(check("sim/a.ts", "seedrandom"))
      .toEqual(["sim/a.ts:1: sim may not import the package seedrandom"]);
    expect(check("model/a.ts", "node:fs"))
      .toEqual(["model/a.ts:1: model may not import Node's own modules"]);
    expect(check("cli/a.ts", "zod/v4", "node:fs")).toEqual([]);
  });

  test("every form of import counts", () => {
    const text = [
      `import type { a } from "../model/index.ts";`,
      `export { b } from "../model/index.ts";`,
      `export * from "../model/index.ts";`,
      `const c = await import("../model/index.ts");`,
      `import "../model/index.ts";`,
      `type D = import("../model/index.ts").D;`,
    ].join("\n");

    const complaints = checkImports([{ path: "sim/a.ts", text }], AREAS, IMPORT_RULES);

    expect(complaints.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("a test may import anything but cli", () => {
    expect(check("sim/a.test.ts", "../model/kern/b.ts", "node:fs", "vitest")).toEqual([]);
    expect(check("cli/a.test.ts", "./main.ts")).toEqual([]);
    expect(check("sim/a.test.ts", "../cli/main.ts"))
      .toEqual(["sim/a.test.ts:1: a test below cli may not import cli"]);
  });

  test("a new folder needs rules", () => {
    expect(check("extras/a.ts")).toEqual(["extras/a.ts:1: belongs to no area of AREAS"]);
  });
});
