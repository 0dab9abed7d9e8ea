// The test runner ends its processes by a signal, before V8 has written what it counted.

import { takeCoverage } from "node:v8";
import { afterAll } from "vitest";

afterAll(() => {
  takeCoverage();
});
