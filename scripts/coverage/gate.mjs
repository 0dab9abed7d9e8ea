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

/** Adds up the files of each folder.
 * @param {string} text    of `coverage-summary.json`
 * @param {string} root
 * @param {readonly { name: string, least: number }[]} folders
 * @returns {Covered[]} */
export function coveredLines(text, root, folders) {
  const summary = /** @type {Summary} */ (JSON.parse(text));
  return folders.map(({ name, least }) => {
    const files = Object.entries(summary)
      .filter(([path]) => relative(root, path).split(sep)[0] === name)
      .map(([, { lines }]) => lines);
    const total = files.reduce((sum, lines) => sum + lines.total, 0);
    const covered = files.reduce((sum, lines) => sum + lines.covered, 0);
    // Rounded down: what is printed as the limit is not under it.
    const percent = total === 0 ? 0 : Math.floor((covered / total) * 10_000) / 100;
    const under = covered * 100 < least * total || (total === 0 && least > 0);
    const limit = least === 0 ? "" : `, must be ${least} %`;
    return { line: `${name}: ${percent.toFixed(2)} % of ${total} lines are covered${limit}`, under };
  });
}
