import { describe, expect, test } from "vitest";
import { checkContracts, checkPromises, checkSilencers } from "./comments.ts";
import { render } from "./sources.ts";

const source = (text: string) => [{ path: "model/net/a.ts", text }];

describe("comments", () => {
  test("do not promise work", () => {
    const words = ["TO" + "DO", "FIX" + "ME"];

    for (const word of words) {
      expect(render(checkPromises(source(`let a;\n// ${word}: later\n`))))
        .toEqual([`model/net/a.ts:2: ${word}: do it, or open an issue`]);
    }
    expect(checkPromises(source(`mastodon.${"TO" + "DOS"}()`))).toEqual([]);
  });

  test("say why they switch a check off", () => {
    const explained = "// eslint-disable-next-line no-var -- the kernel does it\n";

    expect(checkSilencers(source(explained))).toEqual([]);
    expect(checkSilencers(source("// eslint-disable-next-line no-var\n"))).toHaveLength(1);
    expect(checkSilencers(source("a;\n// @ts-expect-error\n"))).toMatchObject([{ line: 2 }]);
  });
});

describe("contracts of routines", () => {
  const routine = "export function* if_start(): Routine<void> {}\n";

  test("an exported generator states its context and its locks", () => {
    const docblock = "/**\n * Starts.\n *\n * Context: any.  Holds: ifq_lock.\n */\n";

    expect(checkContracts(source(docblock + routine))).toEqual([]);
    expect(render(checkContracts(source(`\n${routine}`))))
      .toEqual(["model/net/a.ts:2: docblock of if_start lacks Context: and Holds:"]);
    expect(render(checkContracts(source(`/** Context: any. */\n${routine}`))))
      .toEqual(["model/net/a.ts:2: docblock of if_start lacks Holds:"]);
  });

  test("a plain comment is no docblock", () => {
    expect(checkContracts(source(`// Context: any. Holds: none.\n${routine}`))).toHaveLength(1);
  });

  test("plain and private functions need none", () => {
    const text = "export function plain() {}\nfunction* hidden() {}\n";

    expect(checkContracts(source(text))).toEqual([]);
  });
});
