/** Projects for tests: a folder with an author's files in it, and the command run there on the real engine. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import { findRoot } from "../../scripts/stamp.mjs";
import { loadEngine } from "../load-engine.ts";
import { emptyFolder, run, type Ran } from "../test-io.ts";

const made: string[] = [];

afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** A folder with these files; what is no text becomes JSON. */
export function projectWith(files: Readonly<Record<string, unknown>>): string {
  const folder = emptyFolder();
  made.push(folder);
  writeFiles(folder, files);
  return folder;
}

/** Writes (over) files of a project. */
export function writeFiles(folder: string, files: Readonly<Record<string, unknown>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  }
}

/** Runs a command line in a folder, on the real engine. */
export const runIn = (cwd: string, ...args: readonly string[]): Promise<Ran> =>
  run(args, { cwd, root: findRoot(), load: loadEngine });

/** A module with one scenario: two CPUs send a packet each. */
export const SCENARIO = scenarioNamed("two-cpus-send");

export function scenarioNamed(name: string, more = ""): string {
  return `
import { defineScenario } from "interlock";
import { NO_FAULTS, PLAIN, type ActorConfig } from "interlock/scenarios";

const send = (cpu: number): ActorConfig =>
  ({ kind: "send", cpu, netisr: true, iface: 0, packets: [{ len: 100, prio: false, mcast: false }] });

export const scenario = defineScenario({
  name: ${JSON.stringify(name)},
  purpose: "two CPUs send a packet each",
  smallest: { topology: PLAIN, workload: [send(0), send(1)], faults: NO_FAULTS },
  vary: { topology: { qmax: [1, 4] } },
  ${more}
});`;
}

/** A module with one property, which every run of {@link SCENARIO} breaks. */
export const PROPERTY = `
import { defineProperty } from "interlock";
import { m_length } from "./lengths.ts";

export const property = defineProperty({
  kind: "eventually",
  name: "nothing-is-sent",
  promise: "Nobody ever sends a packet.",
  holds: (world) => (world.sent.length === 0 ? null : [["sent", m_length(world.sent)]]),
});`;

/** What {@link PROPERTY} imports. */
export const LENGTHS = `export const m_length = (list: readonly unknown[]): string => String(list.length);`;
