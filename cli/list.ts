/** `list`: what there is to check, with what, and what is known. */
import { join } from "node:path";
import { columns } from "../reports/index.ts";
import { STRATEGIES, parameterRange, type StrategyInfo } from "../sim/index.ts";
import { Exit } from "./exit-codes.ts";
import type { Origins } from "./engine-parts.ts";
import { loadFindings } from "./findings.ts";
import { paintOf, say, type Io } from "./io.ts";
import type { EngineLoader } from "./load-engine.ts";
import { listVariants } from "./variants.ts";

const SECTIONS = ["scenarios", "timed", "properties", "strategies", "variants", "findings"] as const;
type Section = (typeof SECTIONS)[number];
type Catalogue = Readonly<Record<Section, readonly Readonly<Record<string, unknown>>[]>>;

/** Runs the command; returns the exit code. */
export async function list(io: Io, load: EngineLoader, json: boolean): Promise<Exit> {
  const catalogue = await catalogueOf(io, load);
  if (json) {
    io.stdout.write(`${JSON.stringify(catalogue, null, 2)}\n`);
    return Exit.Passed;
  }
  const { bold } = paintOf(io.stdout);
  for (const section of SECTIONS) {
    const entries = catalogue[section];
    const rows = entries.map((entry) => Object.values(entry).map((value) => cellText(value)));
    say(io, [bold(section), ...columns(rows.map(([first = "", ...rest]) => [`  ${first}`, ...rest])), ""]);
  }
  say(io, [SECTIONS.map((section) => `${String(catalogue[section].length)} ${section}`).join(", ")]);
  return Exit.Passed;
}

async function catalogueOf(io: Io, load: EngineLoader): Promise<Catalogue> {
  const { engine } = await load(io, null);
  const from = (kind: keyof Origins, name: string): string => engine.origins[kind][name] ?? "stock";
  return {
    scenarios: engine.scenarios.map(({ name, purpose }) => ({ name, from: from("scenarios", name), purpose })),
    timed: engine.timed.scenarios.map(({ name, purpose }) => ({ name, purpose })),
    properties: engine.properties.map(({ name, kind, promise }) => ({
      name,
      from: from("properties", name),
      kind,
      promise,
    })),
    strategies: STRATEGIES.map(({ name, parameters, purpose }) => ({
      name,
      parameters: parameters.map(parameterText),
      purpose,
    })),
    variants: listVariants(io.root).map(({ name, header }) => ({
      name,
      property: header.property,
      what: header.what,
    })),
    findings: loadFindings(join(io.root, "findings")).map(({ name, property, kind, fingerprint, reason }) => ({
      name,
      property,
      kind,
      fingerprint,
      reason,
    })),
  };
}

const parameterText = (parameter: StrategyInfo["parameters"][number]): string =>
  `${parameter.name}=${String(parameter.usual)} (${"words" in parameter ? parameterRange(parameter) : `${String(parameter.least)} to ${String(parameter.most)}`})`;

const REASON_MAX = 90;

function cellText(value: unknown): string {
  const text = Array.isArray(value) ? value.join(", ") : String(value);
  return text.length > REASON_MAX ? `${text.slice(0, REASON_MAX - 1)}…` : text;
}
