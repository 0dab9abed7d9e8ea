// Checks the import rules: direction, doors, and packages.

import ts from "typescript";
import type { ImportRule } from "./import-rules.ts";
import { type Complaint, isTest, lineAt, type Source } from "./sources.ts";

/** All imports of the sources that the rules do not allow. */
export function checkImports(
  sources: readonly Source[],
  areas: readonly string[],
  rules: readonly ImportRule[],
): readonly Complaint[] {
  const allowed = new Set(rules.map(({ from, to }) => `${from} ${to}`));
  return sources.flatMap(({ path, text }) => {
    if (!path.includes("/")) return []; // the configuration files at the root
    const area = areaOf(path, areas);
    if (area === undefined) return [{ path, line: 1, message: "belongs to no area of AREAS" }];
    return ts.preProcessFile(text, true, true).importedFiles.flatMap(({ fileName, pos }) => {
      const message = isTest(path)
        ? objectionToTest(path, fileName)
        : objection(path, area, fileName, areas, allowed);
      return message === undefined ? [] : [{ path, line: lineAt(text, pos), message }];
    });
  });
}

/** The longest area that contains the path. */
function areaOf(path: string, areas: readonly string[]): string | undefined {
  return areas
    .filter((area) => path === area || path.startsWith(`${area}/`))
    .sort((a, b) => b.length - a.length)[0];
}

function objection(
  path: string,
  from: string,
  specifier: string,
  areas: readonly string[],
  allowed: ReadonlySet<string>,
): string | undefined {
  if (specifier.startsWith("node:")) {
    return allowed.has(`${from} node:`) ? undefined : `${from} may not import Node's own modules`;
  }
  if (!specifier.startsWith(".")) {
    const name = packageName(specifier);
    const known = allowed.has(`${from} npm:${name}`) || allowed.has(`${from} npm:*`);
    return known ? undefined : `${from} may not import the package ${name}`;
  }
  const target = resolve(path, specifier);
  const to = areaOf(target, areas);
  if (to === undefined) return `${target} belongs to no area of AREAS`;
  if (to !== from && !allowed.has(`${from} ${to}`)) return `${from} may not import ${to}`;
  return wrongDoor(path, target);
}

/** Tests may import anything, but what is below cli knows nothing of cli. */
function objectionToTest(path: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".") || topOf(path) === "cli") return undefined;
  const toCli = topOf(resolve(path, specifier)) === "cli";
  return toCli ? "a test below cli may not import cli" : undefined;
}

/** A second index, so that the engine's bundles, and the package's sources, do without the formats of reports. */
const ENGINE_DOOR = "reports/engine-index.ts";

/** Other folders are entered through their index, the own one never. */
function wrongDoor(path: string, target: string): string | undefined {
  const isIndex = target.endsWith("/index.ts");
  if (topOf(path) !== topOf(target)) {
    // Helpers of tests are in nobody's index.
    const isDoor = target === `${topOf(target)}/index.ts` || target === ENGINE_DOOR || target.endsWith(".mjs") || /\/test-[^/]*\.ts$/.test(target);
    return isDoor ? undefined : `enter ${topOf(target)} through ${topOf(target)}/index.ts`;
  }
  const folder = target.slice(0, target.lastIndexOf("/") + 1);
  const isOwnIndex = isIndex && path.startsWith(folder);
  return isOwnIndex ? "import the file itself, not the index of its own folder" : undefined;
}

const topOf = (path: string): string => path.slice(0, path.indexOf("/"));

/** `zod` of `zod/v4`, `@scope/name` of `@scope/name/part`. */
function packageName(specifier: string): string {
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}

/** The path a relative specifier means, from the root of the project. */
function resolve(path: string, specifier: string): string {
  return new URL(specifier, `file:///${path}`).pathname.slice(1);
}
