import { beforeAll, describe, expect, it } from "vitest";
import { writeGolden } from "../../golden/index.ts";
import { SCENARIOS } from "../../scenarios/index.ts";
import { findRoot } from "../../scripts/stamp.mjs";
import { workerBundle } from "./bundle.ts";
import { byVariant, loadGolden } from "./golden-runs.ts";
import { startSandbox } from "./sandbox.ts";

const root = findRoot();
/** Every third entry, which is every scenario and every strategy; `npm run test:nodes` runs them all here. */
const some = loadGolden(root).filter(({ variant }, i) => variant !== null || i % 3 === 0);
const golden = byVariant(some);

describe("a worker without Node's modules", () => {
  let script = "";
  beforeAll(async () => {
    script = await workerBundle(root, null);
  });

  it("has nothing of Node and evaluates no text", () => {
    const { peek } = startSandbox(script, "bare");
    const absent = ["process", "require", "module", "Buffer", "global", "setInterval",
      "setImmediate", "performance", "crypto", "TextEncoder", "structuredClone", "fetch", "importScripts"];

    for (const name of absent) expect(`${name}: ${peek(`typeof ${name}`)}`).toBe(`${name}: undefined`);
    expect(() => peek("eval('1')")).toThrow("Code generation from strings disallowed");
    expect(() => peek("new Function('return 1')()")).toThrow("Code generation from strings disallowed");
    expect(() => peek("onmessage.constructor('return 1')()")).toThrow("Code generation from strings disallowed");
  });

  it.each([...golden.keys()].map((variant) => ({ variant, of: variant ?? "the model as it stands" })))(
    "leaves what is committed: $of",
    async ({ variant }) => {
      const bundled = variant === null ? script : await workerBundle(root, variant);

      const answer = startSandbox(bundled, "golden").ask(writeGolden(golden.get(variant)!));

      expect(JSON.parse(answer)).toEqual({ differences: [] });
    },
  );

  it("is asked about every scenario and every strategy", () => {
    const scenarios = new Set(some.map(({ scenario }) => scenario));
    const strategies = new Set(some.map(({ strategy }) => strategy));

    expect([...scenarios].sort()).toEqual(SCENARIOS.map(({ name }) => name).sort());
    expect(strategies).toEqual(new Set(loadGolden(root).map(({ strategy }) => strategy)));
  });

  it("says what differs", () => {
    const [entry] = golden.get(null)!;

    const answer = startSandbox(script, "golden").ask(writeGolden([{ ...entry!, all: "0" }]));

    expect(JSON.parse(answer)).toEqual({ differences: [expect.stringContaining("an earlier run") as string] });
  });

  it("says that it was asked for nonsense", () => {
    const sandbox = startSandbox(script, "golden");

    expect(JSON.parse(sandbox.ask("?"))).toEqual({ error: expect.stringContaining("SyntaxError") as string });
  });
});
