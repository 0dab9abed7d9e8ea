/** The golden runs bundled for other runtimes, from the model as it stands or from a variant of it. */
import { join } from "node:path";
import { bundle } from "../../scripts/build.mjs";
import { CLASSIC_SCRIPT } from "../../scripts/page.mjs";
import { findVariant, variantPlugin } from "../variants.ts";

const pluginsFor = (root: string, variant: string | null) =>
  variant === null ? [] : [variantPlugin(root, findVariant(root, variant))];

/** A classic script for a web worker: everything in it, nothing of Node, no source evaluated. */
export async function workerBundle(root: string, variant: string | null): Promise<string> {
  const { outputFiles = [] } = await bundle({
    ...CLASSIC_SCRIPT,
    entryPoints: ["golden/worker.ts"],
    outdir: join(root, "build"),
    write: false,
    plugins: pluginsFor(root, variant),
  }, root);
  const [script] = outputFiles;
  if (script === undefined) throw new Error("the build of golden/worker.ts left nothing");
  return script.text;
}

/** A module for Node with the settings of the build; returns its path. The folder must lie below the root. */
export async function moduleBundle(root: string, variant: string | null, outdir: string): Promise<string> {
  await bundle({ entryPoints: ["golden/index.ts"], outdir, plugins: pluginsFor(root, variant) }, root);
  return join(outdir, "golden", "index.js");
}
