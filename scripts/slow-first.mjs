// The order of the test files: those that take longest begin, so that the workers end together.

import { relative } from "node:path";
import { BaseSequencer } from "vitest/node";

/** Longest first; the others, of seconds each, follow in the usual order. Where one is missing here, the end of a run waits for it. */
const SLOW = [
  "cli/mutants.test.ts",
  "cli/minima.test.ts",
  "cli/mutants-hunt.test.ts",
  "cli/project/project.test.ts",
  "cli/fixes.test.ts",
  "programs/corpus/corpus.test.ts",
  "cli/ci-examples.test.ts",
  "properties/exhaustive.test.ts",
  "properties/determinism.test.ts",
  "cli/campaign.test.ts",
  "properties/errnos.test.ts",
  "cli/threads.test.ts",
  "cli/main.test.ts",
  "properties/vectors/outcomes.test.ts",
  "golden/golden.test.ts",
  "cli/parts.test.ts",
];

export class SlowFirst extends BaseSequencer {
  /** @override @param {import("vitest/node").TestSpecification[]} files */
  async sort(files) {
    const root = this.ctx.config.root;
    const rank = (/** @type {{ moduleId: string }} */ { moduleId }) => {
      const at = SLOW.indexOf(relative(root, moduleId).replaceAll("\\", "/"));
      return at < 0 ? SLOW.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
