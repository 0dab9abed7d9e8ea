/** The known failures: `findings/NAME.json`, each a bug or an argued race, with the token that shows it. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { FAILURE_KINDS } from "./failure-kinds.ts";
import { UsageError, messageOf } from "./errors.ts";
import { isFolder } from "./files.ts";
import type { Claims } from "./known.ts";
import type { MemoryModel } from "../sim/index.ts";

/** One entry. Whatever else the file says is for its readers. */
export interface Finding {
  /** The file's name without its ending. */
  readonly name: string;
  readonly property: string;
  readonly kind: string;
  readonly fingerprint: string;
  readonly token: string;
  readonly reason: string;
  /** Of a race: its two accesses, `load in ROUTINE` or `store by a driver`. Of anything else: none. */
  readonly sites: readonly string[];
  /** Where it is found; null: the entry does not say. */
  readonly scenario: string | null;
  /** The memory model that its token runs under, where sequential consistency does not show it; null: any does. */
  readonly memory: MemoryModel | null;
  /** The variant that mends it; null: the entry names none. */
  readonly fix: string | null;
  /** How many ordering constraints it needs; 0: none, it shows in any order; null: the entry does not say. */
  readonly depth: number | null;
  /** Is there a page about it, `NAME.md`? */
  readonly page: boolean;
  /** What else the entry answers for; null: its fingerprint alone. */
  readonly claims: Claims | null;
}

/** Files of the folder with a format of their own. */
const OTHERS: readonly string[] = ["outcomes.json"];

/** All entries of a folder, by name; throws a {@link UsageError} for one that is not well formed. */
export function loadFindings(folder: string): readonly Finding[] {
  if (!isFolder(folder)) return [];
  const files = readdirSync(folder).filter((name) => name.endsWith(".json") && !OTHERS.includes(name));
  return files.sort().map((file) => readFinding(folder, file));
}

const FIELDS = ["property", "kind", "fingerprint", "token", "reason"] as const;

function readFinding(folder: string, file: string): Finding {
  const refuse = (why: string): never => {
    throw new UsageError(`findings/${file}: ${why}`);
  };
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(join(folder, file), "utf8"));
  } catch (error) {
    return refuse(messageOf(error));
  }
  if (typeof data !== "object" || data === null) return refuse("not an object");
  const entry = data as Record<string, unknown>;
  const [property, kind, fingerprint, token, reason] = FIELDS.map((field) => {
    const value = entry[field];
    return typeof value === "string" && value !== "" ? value : refuse(`${field} must be a non-empty text`);
  }) as [string, string, string, string, string];
  if (!FAILURE_KINDS.some((known) => known === kind)) refuse(`kind ${kind} is not a kind of failure`);
  const sites = kind === "Race" ? readSites(entry["sites"], refuse) : [];
  const claims = entry["claims"] === undefined ? null : readClaims(entry["claims"], refuse);
  const memory = entry["memory"] ?? null;
  if (memory !== null && memory !== "tso" && memory !== "pso") return refuse("memory must be tso or pso");
  const name = file.replace(/\.json$/, "");
  const optional = (field: string): string | null => (typeof entry[field] === "string" ? entry[field] : null);
  const depth = entry["depth"] ?? null;
  if (depth !== null && !isCount(depth)) return refuse("depth must be the number of ordering constraints that it needs");
  const page = existsSync(join(folder, `${name}.md`));
  return { name, property, kind, fingerprint, token, reason, sites, scenario: optional("scenario"), memory, fix: optional("fix"), depth, page, claims };
}

function readSites(value: unknown, refuse: (why: string) => never): readonly string[] {
  const sites = Array.isArray(value) ? (value as readonly unknown[]) : [];
  const texts = sites.filter((site) => typeof site === "string" && site !== "");
  if (texts.length !== 2 || sites.length !== 2) refuse("sites must be two texts: where the accesses of the race stand (npm run findings writes them)");
  return texts as readonly string[];
}

const isCount = (value: unknown): value is number => typeof value === "number" && Number.isInteger(value) && value >= 0;

const LISTS = ["words", "objects", "routines", "promises"] as const;

function readClaims(value: unknown, refuse: (why: string) => never): Claims {
  if (typeof value !== "object" || value === null) return refuse("claims must be an object");
  const { why, ...lists } = value as Record<string, unknown>;
  if (typeof why !== "string" || why === "") return refuse("claims.why must be a non-empty text");
  const [words, objects, routines, promises] = LISTS.map((name) => {
    const list = lists[name];
    return Array.isArray(list) && list.every((each): each is string => typeof each === "string" && each !== "")
      ? list
      : refuse(`claims.${name} must be a list of names`);
  }) as [string[], string[], string[], string[]];
  return { why, words, objects, routines, promises };
}
