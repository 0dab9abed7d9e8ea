/** The golden runs under whatever Node starts this: `on-node.js JOB`, a JSON answer on standard output. */
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** What is to be done: files of golden entries, and the module that makes their runs. */
export type NodeJob = readonly { readonly entries: string; readonly module: string }[];

/** What came of it. */
export interface NodeAnswer {
  readonly version: string;
  readonly v8: string;
  readonly differences: readonly string[];
}

const [path = ""] = process.argv.slice(2);
const differences: string[] = [];
for (const { entries, module } of JSON.parse(readFileSync(path, "utf8")) as NodeJob) {
  const golden = await import(pathToFileURL(module).href) as typeof import("../../golden/index.ts");
  differences.push(...golden.readGolden(readFileSync(entries, "utf8")).flatMap(golden.differences));
}
const answer: NodeAnswer = { version: process.version, v8: process.versions.v8, differences };
console.log(JSON.stringify(answer));
