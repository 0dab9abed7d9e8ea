/** The kernel model with a point at guarded accesses, which have none: built from its sources, for the test that compares. */
import { readFileSync } from "node:fs";
import { build, type Plugin } from "esbuild";
import ts from "typescript";

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

/** Kinds of operation on a word that is shared: an atomic one is loaded, or changed. */
const LOAD = 5;
const CHANGE = 7;

/** A bundle of an entry, as a module to import from a data URL. */
async function bundled(entry: string, withPoints: boolean, counts: Pointed): Promise<string> {
  const plugin: Plugin = {
    name: "guarded-points",
    setup(made) {
      made.onLoad({ filter: /[/\\](?:model|scenarios)[/\\].*\.ts$/ }, ({ path }) => ({ contents: pointed(readFileSync(path, "utf8"), counts), loader: "ts" }));
    },
  };
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: import.meta.dirname, loader: "ts" },
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

const ENTRY = `
import { SCENARIOS, STOCK, outcomeKey, readOutcomes, runOutcome, startWorld } from "../../scenarios/index.ts";
import { ifq_get_subq_default } from "../../model/index.ts";
import { DEFAULT_LIMITS, Dpor, Recording } from "../../sim/index.ts";
import { runOnce } from "../../properties/runner.ts";

function all(run) {
  const search = new Dpor();
  const recording = new Recording();
  const outcomes = new Set();
  while (search.begin()) outcomes.add(run(search, recording));
  const { executions, covered, infeasible, depthMax } = search;
  return { executions, covered, infeasible, depthMax, outcomes: [...outcomes].sort() };
}

export const recorded = (text) => all((search, recording) => {
  const { outcome } = runOutcome(readOutcomes(text).system, search, recording, undefined, true);
  return outcome === null ? "a bound" : outcomeKey(outcome);
});

const restOf = ({ sent, walks, devices }) => ({
  sent: sent.map(({ sender, error }) => [sender, error]),
  walks,
  queues: devices.map(({ ifp, rings }) => {
    const ifsq = ifq_get_subq_default(ifp.if_snd);
    return [ifsq.ifsq_len.peek(), ifsq.ifsq_started.peek(), ifsq.ifsq_hw_oactive.peek(), rings.map(({ hw }) => [hw.usedNow, hw.taken.map(({ id }) => id)])];
  }),
});

export const scenario = (name) => all((strategy, recording) => {
  const { smallest, bounded = smallest, routines } = SCENARIOS.find((each) => each.name === name);
  let world = null;
  const parts = { ...STOCK, routines: { ...STOCK.routines, ...routines } };
  const { failure } = runOnce({ start: (x) => (world = startWorld(x, bounded, parts)), strategy, limits: DEFAULT_LIMITS, recording, properties: [] });
  return failure === null ? JSON.stringify(restOf(world)) : failure.id;
});
`;

/** What a complete search came to. */
interface Came {
  readonly executions: number;
  readonly covered: number;
  readonly infeasible: number;
  readonly depthMax: number;
  readonly outcomes: readonly string[];
}

/** Searches of recorded systems and of scenarios. */
interface Bundle {
  readonly recorded: (text: string) => Came;
  readonly scenario: (name: string) => Came;
}

/** The searches without such points, and with them. Cost: about a second each. */
export async function loadPointed(counts: Pointed): Promise<readonly Bundle[]> {
  const texts = await Promise.all([bundled(ENTRY, false, counts), bundled(ENTRY, true, counts)]);
  return Promise.all(texts.map(async (text) => (await import(/* @vite-ignore */ text)) as Bundle));
}
