// How much of each folder is covered, and the gate: no folder may be under its limit.

import { relative, sep } from "node:path";

/**
 * What is read of it: counts by absolute path, and by "total".
 * @typedef {Record<string, { lines: { total: number, covered: number } }>} Summary
 *
 * @typedef {object} Covered
 * @property {string} line     what to print of a folder
 * @property {boolean} under   whether it is under its limit; a folder without lines is under any
 */

/** Adds up the files of each folder, in the order of their names.
 * @param {string} text    of `coverage-summary.json`
 * @param {string} root
 * @param {Readonly<Record<string, number>>} limits    percentages by folder
 * @returns {Covered[]} */
export function coveredLines(text, root, limits) {
  /** @type {Summary} */
  const summary = JSON.parse(text);
  const files = Object.entries(summary).filter(([path]) => path !== "total");
  const folderOf = (/** @type {string} */ path) => relative(root, path).split(sep)[0] ?? "";
  const names = new Set([...Object.keys(limits), ...files.map(([path]) => folderOf(path))]);
  return [...names].sort().map((name) => {
    const lines = files.filter(([path]) => folderOf(path) === name).map(([, file]) => file.lines);
    const total = lines.reduce((sum, file) => sum + file.total, 0);
    const covered = lines.reduce((sum, file) => sum + file.covered, 0);
    const least = limits[name];
    // Rounded down: what is printed as the limit is not under it.
    const percent = total === 0 ? 0 : Math.floor((covered / total) * 10_000) / 100;
    const under = least !== undefined && (total === 0 || covered * 100 < least * total);
    const limit = least === undefined ? "" : `, must be ${least} %`;
    return { line: `${name}: ${percent.toFixed(2)} % of ${total} lines are covered${limit}`, under };
  });
}
