import { describe, expect, it } from "vitest";
import { skel } from "../docs/examples/driver/skel.ts";
import { defineDriver, ifsq_deserialize_hw, ifsq_devstart_sched, ifsq_serialize_hw, nicDriver, type Driver } from "../model/index.ts";
import { configFor } from "../properties/index.ts";
import {
  NO_FAULTS,
  PLAIN,
  SCENARIOS,
  deviceFor,
  stockScenarios,
  subqFor,
  takesAnyDriver,
  type ActorRoutine,
  type Scenario,
} from "../scenarios/index.ts";
import { parseConfig } from "./config-schema.ts";
import { makeEngine } from "./engine.ts";
import { FINDINGS } from "./test-fixes.ts";
import { runCampaign } from "./campaign.ts";
import { ownThread } from "./crew.ts";
import { examineCase, raceIn } from "./examine.ts";
import { failuresOf } from "./fold.ts";
import { makePlan } from "./plan.ts";
import { readToken, writeToken } from "./tokens.ts";

/** Its name is as long as that of the stock driver: comparing names takes a load for each letter. */
const twin: Driver = defineDriver({ ...nicDriver, name: "tw" });
const other: Driver = defineDriver({ ...nicDriver, name: "other" });
const RANDOM = { name: "random", parameters: {} };

/** Schedules `if_start` as often as it is told, and remembers by whom. */
const pokes: string[] = [];
const poke: ActorRoutine = function* (world, actor, name) {
  const device = deviceFor(world, actor.iface);
  if (device === null) return;
  const ifsq = subqFor(world, device, 0);
  for (let i = 0; i < actor.times; i++) {
    pokes.push(name);
    yield* ifsq_serialize_hw(world.k, ifsq);
    yield* ifsq_devstart_sched(world.k, ifsq);
    yield* ifsq_deserialize_hw(world.k, ifsq);
  }
};

const unheard: Scenario = {
  name: "poked",
  purpose: "somebody schedules if_start while packets arrive",
  smallest: {
    topology: { ...PLAIN, driver: "other" },
    workload: [
      { kind: "send", cpu: 0, netisr: true, iface: 0, packets: [{ len: 100, prio: false, mcast: false }] },
      { kind: "run", routine: "poke", cpu: 1, iface: 0, times: 1 },
    ],
    faults: NO_FAULTS,
  },
  vary: {
    topology: { ringSize: [1, 4] },
    actors: [
      { kind: "send", count: [1, 2], size: [1, 2] },
      { kind: "run", routine: "poke", count: [1, 2], size: [2, 3] },
    ],
  },
};
const poked: Scenario = { ...unheard, routines: { poke } };

const OF_ANY_DRIVER = SCENARIOS.filter(takesAnyDriver);
/** Findings of scenarios that take any driver. */
const MOVABLE = (await Promise.all(FINDINGS.map(async (finding) => ({ finding, what: await readToken(finding.token) }))))
  .filter(({ what }) => OF_ANY_DRIVER.some(({ name }) => name === what.scenario));

describe("a scenario with a driver and a routine of somebody else's", () => {
  const engine = makeEngine({ scenarios: [poked], drivers: [other] });

  it("draws records that name both, and that a token can carry", () => {
    for (let seed = 0; seed < 50; seed++) {
      const config = configFor(poked, String(seed));
      const runs = config.workload.filter(({ kind }) => kind === "run");

      expect(config.topology.driver).toBe("other");
      expect(runs.length).toBeGreaterThan(0);
      expect(parseConfig(JSON.parse(JSON.stringify(config)))).toEqual(config);
    }
  });

  it("runs the routine as often as the record says, in a thread that has its name", () => {
    pokes.length = 0;
    const run = engine.open("poked", RANDOM, null).run("7");
    const wanted = run!.config.workload.flatMap((actor, i) =>
      actor.kind === "run" ? Array.from({ length: actor.times }, () => `poke ${String(i)}`) : []);

    expect(run!.failure).toBeNull();
    expect(pokes.toSorted()).toEqual(wanted);
    expect(wanted.length).toBeGreaterThan(1);
  });

  it("runs again from its token", async () => {
    const run = engine.open("poked", RANDOM, null).run("7");
    const { config, choices } = run!;
    const text = writeToken({ scenario: "poked", config, choices, property: null, variant: null, fingerprint: "passed", code: "x" });
    const again = engine.replay(await readToken(text));

    expect([again.hash, again.steps, again.outcome]).toEqual([run!.hash, run!.steps, "passed"]);
  });

  it("takes routines of the project where it has none of its own", () => {
    const engineWith = makeEngine({ scenarios: [unheard], drivers: [other], routines: { poke } });

    expect(engineWith.open("poked", RANDOM, null).run("7")?.outcome).toBe("passed");
  });
});

describe("a name that nothing goes by", () => {
  const named = (change: Partial<Scenario>): Scenario => ({ ...poked, ...change });
  const open = (scenario: Scenario): unknown =>
    makeEngine({ scenarios: [scenario], drivers: [other] }).open("poked", RANDOM, null);

  it.each([
    ["a driver", named({ smallest: { ...poked.smallest, topology: { ...PLAIN, driver: "othr" } } }), "unknown driver 'othr'; did you mean other?"],
    ["a driver that may be drawn", named({ vary: { topology: { driver: ["other", "emm"] } } }), "unknown driver 'emm'; did you mean em?"],
    ["a routine", named({ routines: { pole: poke } }), "unknown routine 'poke'; did you mean pole?"],
    [
      "a routine that may be drawn",
      named({ vary: { actors: [{ kind: "run", routine: "pokes", count: [0, 1], size: [1, 1] }] } }),
      "unknown routine 'pokes'; did you mean poke?",
    ],
  ])("is refused before anything runs: %s", (_what, scenario, message) => {
    expect(() => open(scenario)).toThrow(message);
  });

  it("is refused in a token", () => {
    const engine = makeEngine();
    const { smallest: config, name: scenario } = SCENARIOS[0]!;
    const foreign = { ...config, topology: { ...config.topology, driver: "other" } };

    expect(() => engine.replay({ scenario, config: foreign, choices: { schedule: [], draws: [] }, property: null }))
      .toThrow("unknown driver 'other'; known: em");
  });

  it("is no driver's, if two drivers have it", () => {
    expect(() => makeEngine({ drivers: [defineDriver({ ...nicDriver })] })).toThrow("two drivers are called em");
  });
});

describe("the stock scenarios with another driver", () => {
  it("are all of them, or a family, with names of their own and the same promises to reach", () => {
    const all = stockScenarios({ driver: twin });
    const family = stockScenarios({ driver: twin, family: "transmit" });
    const { properties } = makeEngine({ scenarios: all, drivers: [twin] });

    expect(all.map(({ name }) => name)).toEqual(OF_ANY_DRIVER.map(({ name }) => `tw-${name}`));
    expect(all.slice(0, family.length)).toEqual(family);
    expect(properties.find(({ name }) => name === "interlock-dropped-when-busy"))
      .toMatchObject({ scenarios: ["ring-full", "tw-ring-full"] });
  });

  it("run as the stock driver runs them, when it is that by another name (20 runs each)", () => {
    const engine = makeEngine({ scenarios: [...SCENARIOS, ...stockScenarios({ driver: twin })], drivers: [twin] });
    for (const { name } of OF_ANY_DRIVER) {
      const [stock, same] = [name, `tw-${name}`].map((each) => engine.open(each, RANDOM, null));
      for (let seed = 0; seed < 20; seed++) {
        const [a, b] = [stock, same].map((job) => job!.run(String(seed))!);

        expect([name, seed, b!.hash, b!.steps]).toEqual([name, seed, a!.hash, a!.steps]);
      }
    }
  });
});

describe("a known failure", () => {
  it.each(MOVABLE.map(({ finding, what }) => ({ name: finding.name, finding, what })))("$name is the same one with another driver", ({ finding, what: was }) => {
    const { scenario, config, ...rest } = was;
    const engine = makeEngine({ scenarios: stockScenarios({ driver: twin }), drivers: [twin] });
    const what = { ...rest, scenario: `tw-${scenario}`, config: { ...config, topology: { ...config.topology, driver: "tw" } } };
    const same = finding.kind === "Race"
      ? raceIn(engine, what, finding.fingerprint) !== null
      : examineCase(engine, what).fingerprint === finding.fingerprint;

    expect(same).toBe(true);
  });

  it("is recognised in a driver that calls its routines otherwise (skel, 300 runs of up-down)", async () => {
    const scenarios = stockScenarios({ driver: skel, family: "interface" }).filter(({ like }) => like === "up-down");
    const engine = makeEngine({ scenarios, drivers: [skel] });
    const plan = makePlan({ seed: 1, scenarios: ["skel-up-down"], strategy: null, runs: 300, lengthOf: (name) => engine.runLength(name) });
    const { tallies, fault } = await runCampaign(ownThread({ engine, variant: null, code: "test", module: null }), plan);
    const known = new Map(FINDINGS.map(({ fingerprint, name }) => [fingerprint, name]));
    const seen = tallies.flatMap(failuresOf).map(({ fingerprint, failure }) => known.get(fingerprint) ?? failure.message);

    expect(fault).toBeNull();
    expect(seen.filter((name) => !/^[a-z-]+$/.test(name))).toEqual([]);
    expect(seen).toEqual(expect.arrayContaining(["flags-up-and-driver-load", "flags-down-and-driver-store"]));
  });
});
