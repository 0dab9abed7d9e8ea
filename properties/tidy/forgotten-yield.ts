// Checks that every step and routine that is called is also run. A call without `yield*` is no
// error to the compiler, and runs nothing.

import { relative } from "node:path";
import ts from "typescript";
import { type Complaint, ROOT } from "./sources.ts";

/** Functions that take over a routine and run it themselves. */
const TAKERS: ReadonlySet<string> = new Set(["drive", "spawn"]);
/** The names these types have in sim/point.ts. */
const ALIASES: ReadonlySet<string> = new Set(["Routine", "Step"]);
/** What the names stand for, where a type is inferred; the first argument is then `Point`. */
const PROTOCOLS: ReadonlySet<string> = new Set(["Generator", "Iterable"]);

export interface YieldReport {
  /** Calls of steps and routines that were seen: none means that the check sees nothing. */
  readonly calls: number;
  readonly complaints: readonly Complaint[];
}

/** Looks at every call in the given files of the program. */
export function checkYields(program: ts.Program, files: readonly string[]): YieldReport {
  const checker = program.getTypeChecker();
  const complaints: Complaint[] = [];
  let calls = 0;
  for (const name of files) {
    const file = program.getSourceFile(name);
    if (file === undefined) throw new Error(`${name} is not part of the program`);
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && isSuspendable(checker.getTypeAtLocation(node))) {
        calls++;
        if (!isRun(node, checker)) complaints.push(complain(file, node));
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return { calls, complaints };
}

/** A program over files, with the options of the project. */
export function createProgram(files: readonly string[], host?: ts.CompilerHost): ts.Program {
  const path = `${ROOT}/tsconfig.json`;
  const read = ts.readConfigFile(path, (file) => ts.sys.readFile(file));
  if (read.error) throw new Error(ts.flattenDiagnosticMessageText(read.error.messageText, "\n"));
  const { options } = ts.parseJsonConfigFileContent({ ...read.config, include: [] }, ts.sys, ROOT);
  return ts.createProgram({ rootNames: files, options, ...(host && { host }) });
}

function isSuspendable(type: ts.Type): boolean {
  if (type.isUnion()) return type.types.some((part) => isSuspendable(part));
  if (ALIASES.has(type.aliasSymbol?.name ?? "")) return true;
  if (!PROTOCOLS.has(type.getSymbol()?.name ?? "")) return false;
  const [yielded] = (type as ts.TypeReference).typeArguments ?? [];
  return yielded !== undefined && (yielded.flags & ts.TypeFlags.Undefined) !== 0;
}

/** True if the value of the expression is consumed by `yield*`, handed to the caller, or taken. */
function isRun(node: ts.Expression, checker: ts.TypeChecker): boolean {
  const { parent } = node;
  if (ts.isYieldExpression(parent)) return parent.asteriskToken !== undefined;
  if (ts.isReturnStatement(parent)) return isHandedOn(enclosingFunction(parent), checker);
  if (ts.isArrowFunction(parent) && parent.body === node) return isHandedOn(parent, checker);
  if (ts.isCallExpression(parent) && parent.expression !== node) return isTaker(parent.expression);
  if (passesOn(parent, node)) return isRun(parent, checker);
  return false;
}

/** Expressions whose value may be that of one of their parts. */
function passesOn(parent: ts.Node, node: ts.Expression): parent is ts.Expression {
  if (ts.isParenthesizedExpression(parent)) return true;
  return ts.isConditionalExpression(parent) && parent.condition !== node;
}

/** True for a plain function that returns a step or routine to a caller who takes it. */
function isHandedOn(
  node: ts.SignatureDeclaration | undefined,
  checker: ts.TypeChecker,
): boolean {
  if (node === undefined) return false;
  if ("asteriskToken" in node && node.asteriskToken !== undefined) return false;
  const signature = checker.getSignatureFromDeclaration(node);
  if (signature === undefined || isDroppedByCaller(node, checker)) return false;
  return isSuspendable(checker.getReturnTypeOfSignature(signature));
}

/** True for a callback like that of `forEach`, whose caller expects nothing back. */
function isDroppedByCaller(node: ts.SignatureDeclaration, checker: ts.TypeChecker): boolean {
  if (!ts.isArrowFunction(node) && !ts.isFunctionExpression(node)) return false;
  const expected = checker.getContextualType(node)?.getCallSignatures() ?? [];
  return expected.some((one) => (one.getReturnType().flags & ts.TypeFlags.Void) !== 0);
}

function enclosingFunction(node: ts.Node): ts.SignatureDeclaration | undefined {
  return ts.findAncestor(node, ts.isFunctionLike);
}

function isTaker(callee: ts.Expression): boolean {
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  return TAKERS.has(name.getText());
}

function complain(file: ts.SourceFile, node: ts.CallExpression): Complaint {
  const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
  const callee = node.expression.getText(file).replaceAll(/\s+/g, " ");
  return {
    path: relative(ROOT, file.fileName).replaceAll("\\", "/"),
    line: line + 1,
    message: `${callee}(…) runs nothing without yield*`,
  };
}
