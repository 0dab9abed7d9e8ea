/** What GitHub Actions offers a process: variables, a file for the job summary, a workspace. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { globSync } from "tinyglobby";
import type { GithubSeat, Place } from "../reports/index.ts";
import { UsageError } from "./errors.ts";
import { appendText } from "./files.ts";
import type { Io } from "./io.ts";

/** Are we there? */
export const onGithub = ({ env }: Io): boolean => env["GITHUB_ACTIONS"] === "true";

/** GitHub drops a summary that is larger, as a whole. */
const SUMMARY_BYTES_MAX = 1024 * 1024;

/** The file of the job summary, or null. */
function summaryFile({ env }: Io): string | null {
  const path = env["GITHUB_STEP_SUMMARY"];
  return path === undefined || path === "" ? null : path;
}

function roomFor(path: string): number {
  return SUMMARY_BYTES_MAX - (statSync(path, { throwIfNoEntry: false })?.size ?? 0);
}

/** Adds Markdown to the job summary, if there is one. */
export function appendSummary(io: Io, text: string): void {
  const path = summaryFile(io);
  if (path === null) return;
  if (Buffer.byteLength(text) > roomFor(path)) throw new UsageError("the job summary would be larger than 1 MiB, and GitHub drops it then");
  appendText(path, text);
}

/** What the reporter must know. */
export function githubSeat(io: Io): GithubSeat {
  const path = summaryFile(io);
  return { placeOf: placeFinder(io), room: path === null ? SUMMARY_BYTES_MAX : roomFor(path) };
}

/** Finds routines in the model and scenarios in their catalogues, if GitHub's workspace holds them. */
function placeFinder(io: Io): GithubSeat["placeOf"] {
  let places: ReadonlyMap<string, Place> | null = null;
  return (routines, scenario) => {
    places ??= placesIn(io);
    for (const name of [...routines, `scenario ${scenario}`]) {
      const place = places.get(name);
      if (place !== undefined) return place;
    }
    return null;
  };
}

const DECLARED = /^(?:export )?function\*? (\w+)|^ *name: "([^"]+)"/;

/** The package's sources, by what they declare: `NAME` for a routine, `scenario NAME`. */
function placesIn({ root, env, cwd }: Io): ReadonlyMap<string, Place> {
  const workspace = resolve(env["GITHUB_WORKSPACE"] ?? cwd);
  const way = relative(workspace, root);
  const from = way.split(sep);
  if (isAbsolute(way) || from[0] === ".." || from.includes("node_modules") || !existsSync(root)) return new Map();
  const found = new Map<string, Place>();
  const files = globSync(["model/**/*.ts", "scenarios/*.ts", "!**/*.test.ts"], { cwd: root }).sort();
  for (const path of files) {
    const file = relative(workspace, join(root, path)).replaceAll("\\", "/");
    readFileSync(join(root, path), "utf8").split("\n").forEach((text, i) => {
      const [, routine, scenario] = DECLARED.exec(text) ?? [];
      const name = path.startsWith("scenarios/") ? scenario && `scenario ${scenario}` : routine;
      if (name !== undefined && name !== "" && !found.has(name)) found.set(name, { file, line: i + 1 });
    });
  }
  return found;
}
