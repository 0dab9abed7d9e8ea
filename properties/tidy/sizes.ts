// Checks the sizes of files and functions. Marks of the lines of the C are no lines of theirs.

import ts from "typescript";
import { type Complaint, isTest, type Source } from "./sources.ts";

export const FILE_LINES = 300;
export const FUNCTION_LINES = 70;

/** Reasons by file path, and by `path name` for functions. */
export type Exceptions = Readonly<Record<string, string>>;

/** Files of too many lines, and exceptions that are not needed. */
export function checkFileSizes(
  sources: readonly Source[],
  exceptions: Exceptions,
): readonly Complaint[] {
  const long = new Set<string>();
  const complaints: Complaint[] = [];
  for (const { path, text } of sources) {
    const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0) - marksIn(text);
    if (lines < FILE_LINES) continue;
    long.add(path);
    if (exceptions[path] !== undefined) continue;
    complaints.push({ path, line: lines, message: `${lines} lines, must be under ${FILE_LINES}` });
  }
  return [...complaints, ...unused(exceptions, long)];
}

/** Functions of too many lines, and exceptions that are not needed. */
export function checkFunctionSizes(
  sources: readonly Source[],
  exceptions: Exceptions,
): readonly Complaint[] {
  const long = new Set<string>();
  const complaints: Complaint[] = [];
  for (const source of sources) {
    for (const { name, line, lines } of functionsOf(source)) {
      if (lines < FUNCTION_LINES) continue;
      const key = `${source.path} ${name}`;
      long.add(key);
      if (exceptions[key] !== undefined) continue;
      const message = `${name} has ${lines} lines, must be under ${FUNCTION_LINES}`;
      complaints.push({ path: source.path, line, message });
    }
  }
  return [...complaints, ...unused(exceptions, long)];
}

const marksIn = (text: string): number => text.match(/^\s*\/\/@ \d.*$/gm)?.length ?? 0;

interface FunctionSize {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
}

function functionsOf({ path, text }: Source): readonly FunctionSize[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
  const found: FunctionSize[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && !(isTest(path) && isSuite(node))) {
      const first = file.getLineAndCharacterOfPosition(node.getStart(file)).line;
      const last = file.getLineAndCharacterOfPosition(node.getEnd()).line;
      const lines = last - first + 1 - marksIn(node.getText(file));
      found.push({ name: nameOf(node), line: first + 1, lines });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** The body of a `describe`: a heading, not a function. */
function isSuite(node: ts.SignatureDeclaration): boolean {
  if (!ts.isCallExpression(node.parent)) return false;
  return /^describe\b/.test(node.parent.expression.getText());
}

function nameOf(node: ts.SignatureDeclaration): string {
  if (node.name !== undefined) return node.name.getText();
  if (ts.isConstructorDeclaration(node)) return "constructor";
  const { parent } = node;
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) {
    return parent.name.getText();
  }
  return "anonymous";
}

function unused(exceptions: Exceptions, needed: ReadonlySet<string>): readonly Complaint[] {
  return Object.keys(exceptions)
    .filter((key) => !needed.has(key))
    .map((key) => ({
      path: "properties/tidy/exceptions.ts",
      line: 1,
      message: `${key} is within the limit: remove its entry`,
    }));
}
