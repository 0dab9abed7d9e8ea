// `dist/`: the modules that `exports` of package.json name. Each hands on the same module of the current build, whose
// folder has another name every time; the declarations are the compiler's, as far as an entry leads to them.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { BuildFailure } from "./build.mjs";

const ENTRIES = "cli/package";

/** @param {string} root @param {string} build its current build */
export function makeDist(root, build) {
  const dist = join(root, "dist");
  rmSync(dist, { recursive: true, force: true });
  declare(root);
  const names = readdirSync(join(root, ENTRIES)).map((file) => basename(file, ".ts"));
  const declared = names.map((name) => join(dist, "types", ENTRIES, `${name}.d.ts`));
  prune(join(dist, "types"), declared);
  for (const name of names) {
    writeFileSync(join(dist, `${name}.js`), `export * from "../build/${basename(build)}/${ENTRIES}/${name}.js";\n`);
    writeFileSync(join(dist, `${name}.d.ts`), `export * from "./types/${ENTRIES}/${name}.js";\n`);
  }
}

/** @param {string} root */
function declare(root) {
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  if (!existsSync(compiler)) throw new BuildFailure(["TypeScript makes the declarations: run `npm ci` first"]);
  mkdirSync(join(root, "dist"), { recursive: true });
  const { status, stdout } = spawnSync(process.execPath, [compiler, "-p", "tsconfig.dist.json"], { cwd: root });
  if (status !== 0) throw new BuildFailure(String(stdout).trimEnd().split("\n"));
}

/** Removes the declarations that no entry leads to. @param {string} folder @param {readonly string[]} entries */
function prune(folder, entries) {
  const needed = new Set(entries);
  for (const path of needed) {
    // The compiler writes the sources' names into declarations, and the package has them elsewhere.
    const text = readFileSync(path, "utf8").replaceAll(/((?:from |import\()"\.[^"]+)\.ts"/g, '$1.js"');
    writeFileSync(path, text);
    for (const [, specifier = ""] of text.matchAll(/(?:from |import\()"(\.[^"]+)"/g)) {
      needed.add(resolve(dirname(path), specifier.replace(/\.(m?)js$/, ".d.$1ts")));
    }
  }
  for (const file of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(file.parentPath, file.name);
    if (file.isFile() && !needed.has(path)) rmSync(path);
  }
  const gone = [...needed].find((path) => !existsSync(path));
  if (gone !== undefined) throw new BuildFailure([`no declarations for ${relative(folder, gone)}`]);
}
