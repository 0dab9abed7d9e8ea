// `dist/`: what the package has instead of a build of its own: the command and the modules that `exports` of package.json
// name, without white space and source maps; and the declarations of those modules, without what no export leads to;
// what is exported keeps its docs.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { BuildFailure, PACKED, bundle } from "./build.mjs";
import { bundlePages } from "./page.mjs";

const ENTRIES = "cli/package";

/** Names stay: stacks, stories and fingerprints are made of them. Lines are of a length that a terminal can show in a few of its own:
 * each end of one costs bytes of the package: 7 kB more with 200 characters a line.
 * @satisfies {import("esbuild").BuildOptions} */
const SMALL = /** @type {const} */ ({ minifyWhitespace: true, minifySyntax: true, charset: "utf8", lineLimit: 800, sourcemap: false });

/** @param {string} root */
export async function makeDist(root) {
  const dist = join(root, "dist");
  rmSync(dist, { recursive: true, force: true });
  const outdir = join(root, PACKED);
  // The engines of pages are built when the first page is written.
  await Promise.all([bundle({ ...SMALL, outdir }, root), bundlePages(bundle, root, outdir, [])]);
  const names = readdirSync(join(root, ENTRIES)).map((file) => basename(file, ".ts"));
  for (const name of names) writeFileSync(join(dist, `${name}.js`), `export * from "./build/${ENTRIES}/${name}.js";\n`);
  const whole = join(dist, "whole");
  declare(root, whole);
  await rollUp(names.map((name) => join(whole, ENTRIES, `${name}.d.ts`)), dist);
  rmSync(whole, { recursive: true });
  await documentExports(dist);
}

/** Has the compiler write the declarations of everything. @param {string} root @param {string} folder */
function declare(root, folder) {
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  if (!existsSync(compiler)) throw new BuildFailure(["TypeScript makes the declarations: run `npm ci` first"]);
  mkdirSync(folder, { recursive: true });
  const { status, stdout } = spawnSync(process.execPath, [compiler, "-p", "tsconfig.dist.json"], { cwd: root });
  if (status !== 0) throw new BuildFailure(String(stdout).trimEnd().split("\n"));
  for (const file of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    // The compiler writes the sources' names into declarations, which are not beside them.
    const path = join(file.parentPath, file.name);
    writeFileSync(path, readFileSync(path, "utf8").replaceAll(/((?:from |import\()"\.[^"]+)\.ts"/g, '$1.js"'));
  }
}

/** Declarations that the entries lead to, in a file for each entry and some that they share.
 * @param {readonly string[]} entries @param {string} dir */
async function rollUp(entries, dir) {
  const [{ rollup }, { dts }] = await Promise.all([import("rollup"), import("rollup-plugin-dts")]);
  /** @type {string[]} */
  const wrong = [];
  const bundled = await rollup({
    input: [...entries],
    external: /^[^./]/,
    plugins: [dts()],
    onwarn({ code, message }) {
      // What an export's type mentions need not be exported.
      if (code !== "PLUGIN_WARNING") wrong.push(message);
    },
  });
  if (wrong.length > 0) throw new BuildFailure(wrong);
  await bundled.write({ dir, entryFileNames: "[name].d.ts", chunkFileNames: ({ name }) => `types/${basename(name, ".d")}.d.ts` });
  await bundled.close();
}

/** Takes the docs from shared declarations that nobody can import: they are there for the types of others.
 * @param {string} dist */
async function documentExports(dist) {
  const { default: ts } = await import("typescript");
  const texts = readdirSync(dist).filter((file) => file.endsWith(".d.ts")).map((file) => readFileSync(join(dist, file), "utf8"));
  const exported = new Set(texts.flatMap((text) => [...text.matchAll(/^export \{([^}]*)\}/gm)]).flatMap(([, list = ""]) =>
    list.split(",").map((each) => each.replace(/^.* as /, "").replace("type ", "").trim())));
  for (const file of readdirSync(join(dist, "types"))) {
    const path = join(dist, "types", file);
    const source = ts.createSourceFile(file, readFileSync(path, "utf8"), ts.ScriptTarget.Latest);
    const kept = source.statements.map((statement) => {
      const text = statement.getFullText(source);
      const names = ts.isVariableStatement(statement)
        ? statement.declarationList.declarations.map(({ name }) => name.getText(source))
        : "name" in statement ? [/** @type {import("typescript").Identifier} */ (statement.name).getText(source)] : [];
      return names.some((name) => exported.has(name)) ? text : text.replaceAll(/^\s*\/\*\*[^]*?\*\/\n/gm, "\n");
    });
    writeFileSync(path, `${kept.join("").trim()}\n`);
  }
}
