/** `results.json`: the results as they are, indented. */
import type { Reporter } from "./reporter.ts";
import type { Results } from "./results.ts";

/** The text of the file. */
export const resultsJson = (results: Results): string => `${JSON.stringify(results, null, 2)}\n`;

/** Writes the file. */
export const jsonReporter: Reporter = {
  end: ({ results }) => ({ files: { "results.json": resultsJson(results) } }),
};
