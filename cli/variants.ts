/**
 * Variants: the kernel as people change it. Each is a unified diff over `model/`, applied while the engine set is
 * bundled a second time; the sources themselves never change.
 */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { applyPatch, parsePatch, type StructuredPatch } from "diff";
import type { Plugin } from "esbuild";
import { UsageError, messageOf } from "./errors.ts";
import { unknownName } from "./suggest.ts";

const FOLDERS = ["fixes", "mutants", "history"] as const;
const HEADERS = ["what", "why", "property", "depth", "orders", "memory"] as const;

/** A variant as its file describes it. */
export interface Variant {
  /** `mutants/drops-the-interlock`. */
  readonly name: string;
  /** `depth`: how many ordering constraints it takes; `orders`: which, as `A < B < C`, where one may ask. `memory`: the memory model that shows it; empty: any. */
  readonly header: Readonly<Record<(typeof HEADERS)[number], string>>;
  readonly diff: string;
}

/** All variants of the package, by name. */
export function listVariants(root: string): readonly Variant[] {
  return FOLDERS.flatMap((folder) => {
    const path = join(root, "variants", folder);
    const files = existsSync(path) ? readdirSync(path).filter((file) => file.endsWith(".diff")) : [];
    return files.sort().map((file) => {
      const diff = readFileSync(join(path, file), "utf8");
      return { name: `${folder}/${file.replace(/\.diff$/, "")}`, header: headerOf(diff), diff };
    });
  });
}

function headerOf(diff: string): Variant["header"] {
  const header = { what: "", why: "", property: "", depth: "", orders: "", memory: "" };
  for (const line of diff.split("\n")) {
    const match = /^#\s*(what|why|property|depth|orders|memory):\s*(.*)$/.exec(line);
    if (match === null && !line.startsWith("#")) break;
    const key = HEADERS.find((name) => name === match?.[1]);
    if (key !== undefined) header[key] = match?.[2] ?? "";
  }
  return header;
}

/** Finds a variant by its name, with or without the folder. */
export function findVariant(root: string, name: string): Variant {
  const all = listVariants(root);
  const found = all.filter((variant) => variant.name === name || variant.name.endsWith(`/${name}`));
  if (found.length > 1) {
    throw new UsageError(`variant ${name} exists several times: ${found.map((v) => v.name).join(", ")}`);
  }
  const only = found[0];
  if (only !== undefined) return only;
  const names = all.map((variant) => variant.name);
  const short = names.map((full) => full.slice(full.indexOf("/") + 1));
  throw unknownName("variant", name, name.includes("/") ? names : short);
}

/** The patched text of every file the diff changes, by path from the root. */
export function patchedSources(root: string, variant: Variant): ReadonlyMap<string, string> {
  const refuse = (why: string): never => {
    throw new UsageError(`variant ${variant.name} does not apply: ${why}`);
  };
  let patches: StructuredPatch[];
  try {
    patches = parsePatch(variant.diff).filter(({ hunks }) => hunks.length > 0);
  } catch (error) {
    return refuse(messageOf(error));
  }
  if (patches.length === 0) return refuse("it changes nothing");
  return new Map(patches.map((patch) => {
    const path = (patch.newFileName ?? "").replace(/^b\//, "").replace(/\t.*$/, "");
    if (!/^model\/[\w./-]+\.ts$/.test(path) || path.includes("..")) return refuse(`${path} is not a file of the model`);
    if (!existsSync(join(root, path))) return refuse(`${path} does not exist`);
    const text = applyPatch(readFileSync(join(root, path), "utf8"), patch);
    if (text === false) return refuse(`${path} has changed where the diff changes it`);
    return [path, text];
  }));
}

/** For esbuild: reads the model as the variant has it. Throws a {@link UsageError} where the diff does not apply. */
export function variantPlugin(root: string, variant: Variant): Plugin {
  const patched = patchedSources(root, variant);
  return {
    name: "variant",
    setup(build) {
      build.onLoad({ filter: /[\\/]model[\\/].*\.ts$/ }, ({ path }) => {
        const contents = patched.get(relative(root, path).replaceAll("\\", "/"));
        return contents === undefined ? undefined : { contents, loader: "ts" };
      });
    },
  };
}
