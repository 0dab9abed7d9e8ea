/** `results.json`: the results as they are, indented. */
import type { Results } from "./results.ts";

/** The text of the file. */
export const resultsJson = (results: Results): string => `${JSON.stringify(results, null, 2)}\n`;
