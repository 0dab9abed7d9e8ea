/** The known failures: `findings/NAME.json`, each a bug or an argued race, with the token that shows it. */
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { FAILURE_KINDS } from "./failure-kinds.ts";
import { UsageError, messageOf } from "./errors.ts";

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
}

/** Files of the folder with a format of their own. */
const OTHERS: readonly string[] = ["outcomes.json"];

/** All entries of a folder, by name; throws a {@link UsageError} for one that is not well formed. */
export function loadFindings(folder: string): readonly Finding[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
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
  return { name: file.replace(/\.json$/, ""), property, kind, fingerprint, token, reason, sites };
}

function readSites(value: unknown, refuse: (why: string) => never): readonly string[] {
  const sites = Array.isArray(value) ? (value as readonly unknown[]) : [];
  const texts = sites.filter((site) => typeof site === "string" && site !== "");
  if (texts.length !== 2 || sites.length !== 2) refuse("sites must be two texts: where the accesses of the race stand (npm run findings writes them)");
  return texts as readonly string[];
}
