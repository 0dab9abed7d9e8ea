/** The code of a report page: built with a clone; the engine of a variant, a project or an installed package when it is first asked for. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "esbuild";
import { bundle } from "../../scripts/build.mjs";
import { ENGINE, ENGINE_GLOBAL, PAGE_OPTIONS, onlySystem } from "../../scripts/page.mjs";
import type { PageCode } from "../../reports/index.ts";
import type { System } from "../../scenarios/index.ts";
import { buildFolder } from "../build-folder.ts";
import { EngineFault, UsageError, messageOf, oneLine } from "../errors.ts";
import type { Loaded } from "../load-engine.ts";
import type { Project } from "../project/project.ts";
import { findVariant, variantPlugin } from "../variants.ts";

/** Makes the code of pages, each kind once. */
export class PageWorkshop {
  readonly #root: string;
  readonly #loaded: Loaded;
  readonly #made = new Map<System, Promise<PageCode>>();

  constructor(root: string, loaded: Loaded) {
    this.#root = root;
    this.#loaded = loaded;
  }

  /** The code of a page that runs this system. */
  codeFor(system: System): Promise<PageCode> {
    const known = this.#made.get(system);
    if (known !== undefined) return known;
    const made = this.#make(system);
    this.#made.set(system, made);
    return made;
  }

  async #make(system: System): Promise<PageCode> {
    const folder = join(await buildFolder(), "page");
    const read = (name: string): string => readFileSync(join(folder, name), "utf8");
    const stock = `engine-${system}.js`;
    // The package comes without: it is built there as that of a variant is.
    const isThere = isStock(this.#loaded) && existsSync(join(folder, stock));
    const engine = isThere ? read(stock) : await builtEngine(this.#root, this.#loaded, system);
    return pageCode({ engine, view: read("view.js"), style: read("style.css") });
  }
}

const isStock = ({ variant, project = null }: Loaded): boolean => variant === null && (project === null || project.modules.length === 0);

/** With what the policy calls each piece. */
function pageCode({ engine, view, style }: Omit<PageCode, "hashes">): PageCode {
  // Both would end a script, or begin a comment in it; the bundler writes neither.
  for (const script of [engine, view]) if (/<\/script|<!--/i.test(script)) throw new EngineFault("the script of a page ends in its middle");
  const hash = (text: string): string => `sha256-${createHash("sha256").update(text).digest("base64")}`;
  return { engine, view, style, hashes: { engine: hash(engine), view: hash(view), style: hash(style) } };
}

async function builtEngine(root: string, { variant, project = null }: Loaded, system: System): Promise<string> {
  const plugins: Plugin[] = [...(variant === null ? [] : [variantPlugin(root, findVariant(root, variant))]), onlySystem(system)];
  const stub = project === null || project.modules.length === 0 ? `export { engine } from "./${ENGINE}";` : stubOf(project);
  try {
    const { outputFiles = [] } = await bundle({
      ...PAGE_OPTIONS,
      globalName: ENGINE_GLOBAL,
      entryPoints: [],
      stdin: { contents: stub, resolveDir: root, loader: "ts", sourcefile: "page-engine.ts" },
      alias: Object.fromEntries(["sim", "model", "scenarios", "properties"].map((name) => [`interlock/${name}`, join(root, `cli/package/${name}.ts`)])),
      outdir: join(root, "build"),
      write: false,
      plugins,
    }, root);
    const [script] = outputFiles;
    if (script === undefined) throw new EngineFault("the build of the page's engine left nothing");
    return script.text;
  } catch (error) {
    const why = oneLine(messageOf(error));
    if (project !== null) throw new UsageError(`${project.name}: its modules cannot be put into a page: ${why}`);
    throw new EngineFault(`the page's engine cannot be built: ${why}`);
  }
}

/** The modules of a project beside the stock, as `projectEngine` puts them together. */
function stubOf({ modules }: Project): string {
  const names = modules.map(({ path }, i) => `import * as m${String(i)} from ${JSON.stringify(path)};`);
  const all = (kind: string): string =>
    `[${modules.flatMap((module, i) => (module.kind === kind ? [`...exportedOf("${kind}", m${String(i)})`] : [])).join(", ")}]`;
  return `${names.join("\n")}
import { exportedOf } from "./cli/project/exported.ts";
import { PROPERTIES } from "./properties/index.ts";
import { SCENARIOS, stockScenarios } from "./scenarios/index.ts";
import { engineOf } from "./reports/page/engine-of.ts";
const drivers = ${all("drivers")};
const own = ${all("scenarios")};
const made = ${String(modules.every(({ kind }) => kind !== "scenarios"))} ? drivers.flatMap((driver) => stockScenarios({ driver })) : own;
export const engine = engineOf({ scenarios: [...SCENARIOS, ...made], properties: [...PROPERTIES, ...${all("properties")}], drivers });
`;
}
