// Checks comments: no promises, no silent exceptions to the lint, and a contract on every routine.

import ts from "typescript";
import { type Complaint, lineAt, type Source } from "./sources.ts";

// Written so that this file does not contain the words it looks for.
const PROMISE = new RegExp(`\\b(${["TO" + "DO", "FIX" + "ME", "X" + "XX"].join("|")})\\b`, "g");
const SILENCER = /(eslint-disable|@ts-(?:ignore|expect-error|nocheck))[^\n]*/g;

/** Comments that promise work instead of doing it. */
export function checkPromises(sources: readonly Source[]): readonly Complaint[] {
  return sources.flatMap(({ path, text }) =>
    [...text.matchAll(PROMISE)].map(({ index, 0: word }) => ({
      path,
      line: lineAt(text, index),
      message: `${word}: do it, or open an issue`,
    })));
}

/** Comments that switch a check off and do not say why. */
export function checkSilencers(sources: readonly Source[]): readonly Complaint[] {
  return sources.filter(({ path }) => !path.startsWith("properties/tidy/")).flatMap(
    ({ path, text }) => [...text.matchAll(SILENCER)]
      .filter(({ 0: comment }) => !/ -- \S/.test(comment))
      .map(({ index, 1: word = "" }) => ({
        path,
        line: lineAt(text, index),
        message: `${word} without a reason (write " -- because …")`,
      })),
  );
}

/** What the docblock of a modelled routine states. */
const CONTRACT = ["Context:", "Holds:"];

/** Exported generator functions whose docblock does not say who calls them and with which locks. */
export function checkContracts(sources: readonly Source[]): readonly Complaint[] {
  return sources.flatMap(({ path, text }) => {
    const file = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
    return file.statements.flatMap((node) => {
      if (!isExportedGenerator(node)) return [];
      const docblock = ts.getJSDocCommentsAndTags(node).map((part) => part.getText()).join("\n");
      const missing = CONTRACT.filter((word) => !docblock.includes(word));
      if (missing.length === 0) return [];
      const line = file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
      const name = node.name?.text ?? "default";
      return [{ path, line, message: `docblock of ${name} lacks ${missing.join(" and ")}` }];
    });
  });
}

function isExportedGenerator(node: ts.Statement): node is ts.FunctionDeclaration {
  return ts.isFunctionDeclaration(node)
    && node.asteriskToken !== undefined
    && (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Export) !== 0;
}
