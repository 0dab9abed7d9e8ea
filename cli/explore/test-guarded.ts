/** The kernel model with a point at guarded accesses, which have none: built from its sources, for the test that compares. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";
import ts from "typescript";
import { Op } from "../../sim/index.ts";

/** Sources changed so far: statements with a point now, and those in plain functions, which cannot have one. */
export interface Pointed {
  pointed: number;
  plain: number;
}

/** Where the field is not there to be accessed yet (the statement looks first), there is no point. */
const POINT = `const heldPoint = function* (find, kind) {
  let cell = null;
  try { cell = find(); } catch { return; }
  if (cell === null || cell.x.current.id === 0) return;
  yield* cell.x.pause(kind, cell.object ?? (cell.object = cell.x.register(cell)));
};
`;

/** As if it were an atomic word. */
const { AtomicLoad: LOAD, Rmw: CHANGE } = Op;

/** What a bundle exports. */
type Searches = typeof import("./test-searches.ts");

/** A bundle of the searches, as a module to import from a data URL. */
async function bundled(withPoints: boolean, counts: Pointed): Promise<string> {
  const plugin: Plugin = {
    name: "guarded-points",
    setup(made) {
      made.onLoad({ filter: /[/\\](?:model|scenarios)[/\\].*\.ts$/ }, ({ path }) => ({ contents: pointed(readFileSync(path, "utf8"), counts), loader: "ts" }));
    },
  };
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, "test-searches.ts")],
    bundle: true, write: false, format: "esm", platform: "node", target: "node20", plugins: withPoints ? [plugin] : [],
  });
  return `data:text/javascript;base64,${Buffer.from(outputFiles[0]?.contents ?? []).toString("base64")}`;
}

/** The text of a module, with a point before each statement of a routine for each guarded field it accesses. */
export function pointed(text: string, counts: Pointed): string {
  const source = ts.createSourceFile("module.ts", text, ts.ScriptTarget.ES2022, true);
  const edits: { readonly at: number; readonly insert: string }[] = [];
  const turned = new Set<ts.Node>();
  visit(source);
  let out = text;
  for (const { at, insert } of edits.toSorted((a, b) => b.at - a.at)) out = out.slice(0, at) + insert + out.slice(at);
  return edits.length === 0 ? text : POINT + out;

  function visit(node: ts.Node): void {
    if (ts.isStatement(node) && isListed(node)) {
      const cells = heldIn(node);
      if (cells.size > 0) {
        if (isRoutine(node)) {
          counts.pointed++;
          turn(ts.findAncestor(node, ts.isFunctionLike));
          const points = [...cells].map(([cell, kind]) => `yield* heldPoint(() => ${cell}, ${String(kind)}); `);
          edits.push({ at: node.getStart(), insert: points.join("") });
        } else counts.plain++;
      }
    }
    ts.forEachChild(node, visit);
  }

  /** What returns a step becomes a generator that takes it. */
  function turn(owner: ts.Node | undefined): void {
    if (owner === undefined || !ts.isFunctionDeclaration(owner) || owner.asteriskToken !== undefined || turned.has(owner)) return;
    turned.add(owner);
    edits.push({ at: (owner.name as ts.Identifier).getStart(), insert: "* " });
    const returns = (node: ts.Node): void => {
      if (ts.isFunctionLike(node)) return;
      if (ts.isReturnStatement(node) && node.expression !== undefined)
        edits.push({ at: node.expression.getStart(), insert: "yield* (" }, { at: node.expression.getEnd(), insert: ")" });
      ts.forEachChild(node, returns);
    };
    if (owner.body !== undefined) ts.forEachChild(owner.body, returns);
  }
}

/** Statements that stand in a list of statements, before which there is room. */
const isListed = (node: ts.Statement): boolean => ts.isBlock(node.parent) || ts.isSourceFile(node.parent);

/** The guarded fields that a statement itself accesses, blocks and functions within it aside. */
function heldIn(statement: ts.Statement): ReadonlyMap<string, number> {
  const cells = new Map<string, number>();
  const look = (node: ts.Node): void => {
    if (ts.isBlock(node) || ts.isFunctionLike(node) || ts.isIterationStatement(node, false)) return;
    if (ts.isPropertyAccessExpression(node) && node.name.text === "held") {
      const cell = node.expression.getText();
      cells.set(cell, isChanged(node) ? CHANGE : (cells.get(cell) ?? LOAD));
    }
    ts.forEachChild(node, look);
  };
  ts.forEachChild(statement, look);
  return cells;
}

const isChanged = ({ parent }: ts.Node): boolean =>
  ts.isPostfixUnaryExpression(parent) || ts.isPrefixUnaryExpression(parent)
  || (ts.isBinaryExpression(parent) && parent.operatorToken.kind >= ts.SyntaxKind.FirstAssignment
    && parent.operatorToken.kind <= ts.SyntaxKind.LastAssignment && parent.left.getText().endsWith(".held"));

/** Is a statement directly in a generator, or in a function that returns a step? */
function isRoutine(node: ts.Node): boolean {
  const owner = ts.findAncestor(node, ts.isFunctionLike);
  if (owner === undefined) return false;
  if ("asteriskToken" in owner && owner.asteriskToken !== undefined) return true;
  return ts.isFunctionDeclaration(owner) && owner.type?.getText().startsWith("Step<") === true;
}

/** The searches without such points, and with them. Cost: about a second each. */
export async function loadPointed(counts: Pointed): Promise<readonly Searches[]> {
  const texts = await Promise.all([bundled(false, counts), bundled(true, counts)]);
  return Promise.all(texts.map(async (text) => (await import(/* @vite-ignore */ text)) as Searches));
}
