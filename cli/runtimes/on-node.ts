/** The golden runs under whatever starts this: `on-node.js JOB`, a JSON answer on standard output. */
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** What is to be done: files of golden entries, and the module that makes their runs. */
export type NodeJob = readonly { readonly entries: string; readonly module: string }[];

/** What came of it. */
export interface NodeAnswer {
  /** Such as `Node 22.1.0`. */
  readonly runtime: string;
  readonly engine: string;
  readonly differences: readonly string[];
}

const [path = ""] = process.argv.slice(2);
const differences: string[] = [];
for (const { entries, module } of JSON.parse(readFileSync(path, "utf8")) as NodeJob) {
  const golden = await import(pathToFileURL(module).href) as typeof import("../../golden/index.ts");
  differences.push(...golden.readGolden(readFileSync(entries, "utf8")).flatMap(golden.differences));
}
const { node, v8, bun } = process.versions;
const answer: NodeAnswer = bun === undefined
  ? { runtime: `Node ${node}`, engine: `V8 ${v8}`, differences }
  : { runtime: `Bun ${bun}`, engine: "JavaScriptCore", differences };
console.log(JSON.stringify(answer));
