// Compiles the TypeScript of the project, a file for a file: types go, the rest stays, and the
// source map is inside. Bundles would not do: what a bundle leaves out would count as covered.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { globSync } from "tinyglobby";
import ts from "typescript";
import { IGNORED, SOURCES } from "./settings.mjs";

/**
 * Compiles every `.ts` file below `root` into `out` and returns those that are nothing but types:
 * nobody ever loads them, so that they would count as not covered.
 * @param {string} root @param {string} out
 */
export function compile(root, out) {
  const compilerOptions = optionsOf(root);
  const paths = globSync(SOURCES, { cwd: root, ignore: IGNORED }).sort();
  return paths.filter((path) => path.endsWith(".ts")).filter((path) => {
    const fileName = join(root, path);
    const text = readFileSync(fileName, "utf8");
    const { outputText } = ts.transpileModule(text, { fileName, compilerOptions });
    const target = join(out, `${path}.js`);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, outputText);
    return isEmpty(outputText);
  });
}

/** The project's own settings, but emitting. @param {string} root */
function optionsOf(root) {
  const path = join(root, "tsconfig.json");
  const { config } = /** @type {{ config: { compilerOptions: object } }} */ (
    ts.readConfigFile(path, (name) => readFileSync(name, "utf8")));
  return {
    ...ts.convertCompilerOptionsFromJson(config.compilerOptions, root).options,
    noEmit: false,
    inlineSourceMap: true,
    // Every file is a module; the compiler need not look for the manifest that says so.
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  };
}

/** @param {string} code */
function isEmpty(code) {
  const { statements } = ts.createSourceFile("a.js", code, ts.ScriptTarget.Latest);
  return statements.every((node) => ts.isExportDeclaration(node) && !node.moduleSpecifier);
}
