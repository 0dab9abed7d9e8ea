import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { findRoot } from "../scripts/stamp.mjs";
import { githubSeat } from "./github.ts";
import { testIo } from "./test-io.ts";

const root = findRoot();

/** The finder of a workspace. */
const finder = (workspace: string, at = root) => githubSeat(testIo({ root: at, env: { GITHUB_WORKSPACE: workspace } }).io).placeOf;

describe("the place of a failure", () => {
  it.each([
    [["ifsq_ifstart_try", "ifq_dispatch"], "one-sender", /^export function\* ifsq_ifstart_try\(/],
    [["not_in_the_model", "nicInit"], "one-sender", /^export function\* nicInit\(/],
    [[], "serializer-contention", /name: "serializer-contention"/],
  ])("%j in %s", (routines, scenario, text) => {
    const place = finder(root)(routines, scenario)!;

    const line = readFileSync(join(root, place.file), "utf8").split("\n")[place.line - 1];
    expect(line).toMatch(text);
    expect(place.file).toMatch(/^(model|scenarios)\/[\w/-]+\.ts$/);
  });

  it("is named from the workspace, and not at all outside of it", () => {
    expect(finder(dirname(root))(["ifq_dispatch"], "")!.file).toMatch(/^[^/]+\/model\/net\/if_dispatch\.ts$/);
    expect(finder(join(root, "docs"))(["ifq_dispatch"], "")).toBeNull();
    expect(finder(root)(["no_such_routine"], "no-such-scenario")).toBeNull();
  });
});
