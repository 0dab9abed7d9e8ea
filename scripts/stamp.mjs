// Which sources a build stands for. A build is named by the hash of everything it was made from,
// so "is the build as new as its sources" is a question about content; sizes and times only
// answer it faster, and only when they cannot be wrong.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * One source file as the file system shows it without opening it: path, size, inode, mtime, ctime.
 * @typedef {readonly [string, number, string, string, string]} Seen
 *
 * @typedef {object} Stamp
 * @property {number} format    raised when the meaning of a stamp changes
 * @property {string} hash      content hash of the sources
 * @property {string} clock     the file system's time (ns) just before the files were looked at
 * @property {readonly Seen[]} files
 */

export const SOURCE_FOLDERS = [
  "bin",
  "cli",
  "findings",
  "model",
  "programs",
  "properties",
  "protocol",
  "reports",
  "scenarios",
  "scripts",
  "sim",
  "variants",
];
/** The format of stamps; a build with another one is not trusted. */
export const STAMP_FORMAT = 1;
const SOURCE_FILES = ["package.json", "tsconfig.json"];

/**
 * A file changed within this long before it was looked at may change again with its times and
 * size unaltered (file systems count time in ticks of up to 2 s): such a stamp proves nothing.
 */
const TICK_NS = 2_000_000_000n;

/** The folder of Interlock's own package.json, wherever this module ended up.
 * @param {string} [from] */
export function findRoot(from = fileURLToPath(import.meta.url)) {
  for (let folder = dirname(from); ; folder = dirname(folder)) {
    if (isOwnManifest(join(folder, "package.json"))) return folder;
    if (folder === dirname(folder)) throw new Error(`no package.json of interlock above ${from}`);
  }
}

/** @param {string} path */
function isOwnManifest(path) {
  try {
    /** @type {unknown} */
    const manifest = JSON.parse(readFileSync(path, "utf8"));
    return typeof manifest === "object" && manifest !== null && "name" in manifest
      && manifest.name === "interlock";
  } catch {
    return false;
  }
}

/** Tests and what serves only them are no part of a build, nor of the package. @param {string} path */
function isSource(path) {
  return !/\.(test|long|page)\.ts$|\.xsd$|\/test-[^/]*\.ts$|\/\.|^(properties\/(tidy|vectors)|reports\/golden|cli\/runtimes|programs\/corpora|scripts\/coverage)\//
    .test(path);
}

/** All source files, as sorted paths relative to the root with forward slashes.
 * @param {string} root */
export function listSources(root) {
  /** @type {string[]} */
  const found = [];
  for (const folder of SOURCE_FOLDERS) walk(root, folder, found);
  for (const file of SOURCE_FILES) {
    if (statSync(join(root, file), { throwIfNoEntry: false })) found.push(file);
  }
  return found.sort();
}

/** @param {string} root @param {string} folder @param {string[]} found */
function walk(root, folder, found) {
  if (!statSync(join(root, folder), { throwIfNoEntry: false })) return;
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    const isFolder = entry.isSymbolicLink()
      ? statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory() === true
      : entry.isDirectory();
    if (isFolder) walk(root, path, found);
    else if (isSource(path)) found.push(path);
  }
}

/** @param {string} root @param {readonly string[]} files @returns {Seen[]} */
export function look(root, files) {
  return files.map((path) => {
    const stat = statSync(join(root, path), { bigint: true, throwIfNoEntry: false });
    if (!stat) return [path, -1, "", "", ""];
    const { size, ino, mtimeNs, ctimeNs } = stat;
    return [path, Number(size), String(ino), String(mtimeNs), String(ctimeNs)];
  });
}

/** @param {string} root @param {readonly string[]} files */
export function hashSources(root, files) {
  const hash = createHash("sha256");
  for (const path of files) {
    let text;
    try {
      text = readFileSync(join(root, path));
    } catch {
      hash.update(`${path}\0gone\0`);
      continue;
    }
    hash.update(`${path}\0${String(text.length)}\0`).update(text);
  }
  return hash.digest("hex").slice(0, 32);
}

/** True only if no file can differ in content from what the stamp was made of.
 * @param {Stamp} stamp @param {readonly Seen[]} now */
export function provesUnchanged(stamp, now) {
  if (JSON.stringify(stamp.files) !== JSON.stringify(now)) return false;
  const clock = BigInt(stamp.clock);
  return now.every(([, , , mtime, ctime]) => {
    const settled = clock - TICK_NS;
    return mtime !== "" && BigInt(ctime) < settled && BigInt(mtime) < settled;
  });
}
