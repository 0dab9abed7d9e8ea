/** A configuration file that is a program: bundled like the modules it names, so that it may import `interlock`. */
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { bundled, toldFrom } from "../bundles.ts";
import { UsageError, messageOf, oneLine } from "../errors.ts";

/** The value that a configuration module exports by default. */
export async function importConfig(root: string, name: string, path: string): Promise<unknown> {
  const stub = `import * as config from ${JSON.stringify(path)};\nexport const exported = { ...config };`;
  const module = await bundled({ root, stub, patched: new Map() }).then((bundle) => bundle.module, refuse(name, (error) => `cannot be bundled: ${toldFrom(root, dirname(path), error)}`));
  const { exported } = await (import(pathToFileURL(module).href) as Promise<{ exported: Record<string, unknown> }>)
    .catch(refuse(name, (error) => `throws: ${oneLine(messageOf(error))}`));
  if (!Object.hasOwn(exported, "default")) throw new UsageError(`${name}: has no default export: export default { ... }`);
  return exported["default"];
}

const refuse = (name: string, what: (error: unknown) => string) => (error: unknown): never => {
  throw new UsageError(`${name}: ${what(error)}`);
};
