import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { emptyFolder } from "./test-io.ts";
import { findVariant, listVariants, patchedSources } from "./variants.ts";

const DIFF = `# what: one instead of zero
# why: to see it noticed
# property: no-lost-update
# depth: 2
--- a/model/net/if_start.ts
+++ b/model/net/if_start.ts
@@ -1,3 +1,3 @@
 first
-zero
+one
 last
`;

function root(change: { readonly diff?: string; readonly source?: string } = {}): string {
  const folder = emptyFolder();
  for (const path of ["model/net", "variants/mutants", "variants/fixes"]) mkdirSync(join(folder, path), { recursive: true });
  writeFileSync(join(folder, "model/net/if_start.ts"), change.source ?? "first\nzero\nlast\n");
  writeFileSync(join(folder, "variants/mutants/one.diff"), change.diff ?? DIFF);
  return folder;
}

describe("a variant", () => {
  it("says what it is in its header", () => {
    expect(listVariants(root())).toMatchObject([{
      name: "mutants/one",
      header: { what: "one instead of zero", why: "to see it noticed", property: "no-lost-update", depth: "2" },
    }]);
  });

  it("is found by its short name, and a misspelt one is suggested", () => {
    const folder = root();

    expect(findVariant(folder, "one").name).toBe("mutants/one");
    expect(findVariant(folder, "mutants/one").name).toBe("mutants/one");
    expect(() => findVariant(folder, "onne")).toThrow("unknown variant 'onne'; did you mean one?");
  });

  it("is applied over the model, whose files stay as they are", () => {
    const folder = root();

    const patched = patchedSources(folder, findVariant(folder, "one"));

    expect([...patched]).toEqual([["model/net/if_start.ts", "first\none\nlast\n"]]);
  });

  it.each([
    ["the source has changed", { source: "something else\n" }, "has changed where the diff changes it"],
    ["it leaves the model", { diff: DIFF.replaceAll("model/net/if_start", "sim/gate") }, "is not a file of the model"],
    ["it climbs out", { diff: DIFF.replaceAll("model/net", "model/../sim") }, "is not a file of the model"],
    ["the file is gone", { diff: DIFF.replaceAll("if_start", "if_gone") }, "does not exist"],
    ["it changes nothing", { diff: "# what: nothing\n" }, "it changes nothing"],
  ])("is refused when %s", (_what, change, why) => {
    const folder = root(change);

    expect(() => patchedSources(folder, findVariant(folder, "one"))).toThrow(why);
  });
});
