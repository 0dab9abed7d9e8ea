import { expect, it } from "vitest";
import { scenarios } from "../docs/examples/driver/scenarios.ts";
import { skel } from "../docs/examples/driver/skel.ts";
import { checkDriver } from "./test-driver-guide.ts";

it("the driver of the guide passes the stock transmit scenarios, the whole default plan of them", async () => {
  const { exit, stdout } = await checkDriver(scenarios, skel, "--inconclusive", "fail");

  expect(stdout).toMatch(/^known: 8800 runs of 11 scenarios, .* 0 new failures/m);
  expect(exit).toBe(0);
});
