/** A configuration file that is a program: bundled like the modules it names, so that it may import `interlock`. */
import { pathToFileURL } from "node:url";
import { bundled } from "../bundles.ts";
import { UsageError, messageOf, oneLine } from "../errors.ts";

/** The value that a configuration module exports by default. */
export async function importConfig(root: string, name: string, path: string): Promise<unknown> {
  const stub = `import * as config from ${JSON.stringify(path)};\nexport const exported = { ...config };`;
  const module = await bundled({ root, stub, patched: new Map() }).then((bundle) => bundle.module, refuse(name, "cannot be bundled"));
  const { exported } = await (import(pathToFileURL(module).href) as Promise<{ exported: Record<string, unknown> }>)
    .catch(refuse(name, "throws"));
  if (!Object.hasOwn(exported, "default")) throw new UsageError(`${name}: has no default export: export default { ... }`);
  return exported["default"];
}

const refuse = (name: string, what: string) => (error: unknown): never => {
  throw new UsageError(`${name}: ${what}: ${oneLine(messageOf(error))}`);
};
