import { describe, expect, it } from "vitest";
import { regressionJsonSchema } from "./regression-schema.ts";

describe("a file of regressions/", () => {
  it("is described by the schema file that ships (vitest -u writes it)", async () => {
    await expect(regressionJsonSchema()).toMatchFileSnapshot("../reports/regression.schema.json");
  });
});
