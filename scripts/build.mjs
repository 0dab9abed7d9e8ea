// The build: esbuild bundles the entries into build/<hash of the sources>/, a folder that appears
// by one rename and never changes afterwards. build/stamp.json names the last one used. Processes
// that build at the same time make the same folder or different ones; they never share a file.

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync }
  from "node:fs";
import { join } from "node:path";
import { bundlePages } from "./page.mjs";
import { findRoot, hashSources, listSources, look, provesUnchanged, STAMP_FORMAT }
  from "./stamp.mjs";

/**
 * @typedef {import("esbuild").BuildOptions} BuildOptions
 * @typedef {import("./stamp.mjs").Stamp} Stamp
 */

/** What is bundled; `cli/main.ts` becomes `cli/main.js`. Worker threads import `cli/engine.js` by its path. */
export const ENTRIES = ["cli/main.ts", "cli/engine.ts", "cli/worker.ts"];

/** Where the package has its build, and no sources of the command beside it (`dist.mjs`). */
export const PACKED = "dist/build";

/** Every file in it is an entry too: what `exports` of package.json name. */
const PUBLIC = "cli/package/";

/** Sources edited during a build make it worthless; somebody who edits this often is a program. */
const MAX_ATTEMPTS = 5;
/** Builds that are no longer current stay this long: a process may still load chunks of one. */
const KEEP_MS = 24 * 3_600_000;
const KEEP_COUNT = 16;

/** A build that failed for a reason in the sources: one line per error. */
export class BuildFailure extends Error {
  /** @param {readonly string[]} lines */
  constructor(lines) {
    super(lines.join("\n"));
    this.name = "BuildFailure";
    this.lines = lines;
  }
}

/** Bundles into a folder, with the settings every build of Interlock shares (variants too).
 * @param {BuildOptions & { outdir: string }} options
 * @param {string} [root] */
export async function bundle(options, root = findRoot()) {
  const { build } = await loadEsbuild();
  try {
    return await build({
      absWorkingDir: root,
      entryPoints: entriesOf(root),
      outbase: root,
      bundle: true,
      format: "esm",
      platform: "node",
      target: "node20",
      packages: "external",
      splitting: true,
      sourcemap: true,
      logLevel: "silent",
      ...options,
    });
  } catch (error) {
    throw asBuildFailure(error);
  }
}

/** @param {string} root */
function entriesOf(root) {
  return [...ENTRIES, ...listSources(root).filter((path) => path.startsWith(PUBLIC))];
}

/** Brings the build up to date and returns its folder.
 * @param {{ root?: string, onStale?: () => void }} [options] */
export async function buildAll({ root = findRoot(), onStale } = {}) {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const stamp = readSources(root);
    const folder = join(root, "build", stamp.hash);
    if (!isFolder(folder)) {
      if (attempt === 0) onStale?.();
      if (!(await buildInto(root, folder, stamp))) continue;
    }
    saveStamp(root, stamp);
    return folder;
  }
  throw new BuildFailure(["the sources keep changing while they are being built"]);
}

/** The current build's folder if it certainly stands for the sources, else undefined.
 * @param {string} root */
export function currentBuild(root) {
  const installed = !ENTRIES.every((entry) => isFile(join(root, entry)));
  if (installed) return isFolder(join(root, PACKED)) ? join(root, PACKED) : undefined;
  const stamp = loadStamp(root);
  if (!stamp) return undefined;
  const folder = join(root, "build", stamp.hash);
  return isFolder(folder) && provesUnchanged(stamp, look(root, listSources(root))) ? folder : undefined;
}

/** @param {string} root @param {string} folder @param {Stamp} stamp */
async function buildInto(root, folder, stamp) {
  const temporary = `${folder}.tmp-${String(process.pid)}`;
  try {
    await Promise.all([bundle({ outdir: temporary }, root), bundlePages(bundle, root, temporary)]);
    const after = readSources(root);
    const same = after.hash === stamp.hash
      && JSON.stringify(after.files) === JSON.stringify(stamp.files);
    if (!same) return false;
    moveFolder(temporary, folder);
    removeOld(join(root, "build"), stamp.hash, KEEP_COUNT);
    return true;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** @param {string} from @param {string} to */
function moveFolder(from, to) {
  try {
    renameSync(from, to);
  } catch (error) {
    // Another process finished the same build first: theirs is as good.
    if (!isFolder(to)) throw error;
  }
}

/** @param {string} root @returns {Stamp} */
function readSources(root) {
  const clock = fileSystemClock(root);
  const paths = listSources(root);
  const files = look(root, paths);
  return { format: STAMP_FORMAT, hash: hashSources(root, paths), clock, files };
}

/** The time as the file system that holds the sources tells it. @param {string} root */
function fileSystemClock(root) {
  const probe = join(root, "build", `.clock-${String(process.pid)}`);
  try {
    mkdirSync(join(root, "build"), { recursive: true });
    writeFileSync(probe, "");
    return String(statSync(probe, { bigint: true }).mtimeNs);
  } catch {
    return "0"; // Nothing is older than this, so the stamp never proves anything: always hash.
  } finally {
    rmSync(probe, { force: true });
  }
}

/** @param {string} root @param {Stamp} stamp */
function saveStamp(root, stamp) {
  const path = join(root, "build", "stamp.json");
  const temporary = `${path}.tmp-${String(process.pid)}`;
  try {
    writeFileSync(temporary, JSON.stringify(stamp));
    renameSync(temporary, path);
  } catch {
    // A read-only installation: the next start hashes again.
    rmSync(temporary, { force: true });
  }
}

/** @param {string} root @returns {Stamp | undefined} */
function loadStamp(root) {
  try {
    const text = readFileSync(join(root, "build", "stamp.json"), "utf8");
    const stamp = /** @type {Stamp} */ (JSON.parse(text));
    return stamp.format === STAMP_FORMAT ? stamp : undefined;
  } catch {
    return undefined;
  }
}

/** Removes folders named by a hash: all but the newest `keep`, and those of yesterday and before. Returns how many.
 * @param {string} build @param {string} current @param {number} keep */
export function removeOld(build, current, keep) {
  const old = readdirSync(build)
    .filter((name) => /^[0-9a-f]{32}(\.tmp-\d+)?$/.test(name) && !name.startsWith(current))
    .map((name) => ({ name, time: modified(join(build, name)) }))
    .sort((a, b) => b.time - a.time);
  const limit = Date.now() - KEEP_MS;
  const gone = old.filter(({ name, time }, index) => time <= limit || (index >= keep && !name.includes(".tmp-")));
  for (const { name } of gone) rmSync(join(build, name), { recursive: true, force: true });
  return gone.length;
}

/** @param {string} path */
function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** @param {string} path */
function isFile(path) {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** @param {string} path */
function isFolder(path) {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Loaded only when something is built: a start with a current build does without. */
async function loadEsbuild() {
  try {
    return await import("esbuild");
  } catch {
    throw new BuildFailure(["esbuild cannot be loaded: run `npm ci` first"]);
  }
}

/** @param {unknown} error */
function asBuildFailure(error) {
  if (error instanceof Error && "errors" in error && Array.isArray(error.errors)) {
    /** @type {import("esbuild").Message[]} */
    const messages = error.errors;
    return new BuildFailure(messages.map(({ text, location }) => {
      const line = text.replaceAll(/\s*\n\s*/g, " ");
      if (!location) return line;
      return `${location.file}:${String(location.line)}:${String(location.column + 1)}: ${line}`;
    }));
  }
  return new BuildFailure([String(error)]);
}
