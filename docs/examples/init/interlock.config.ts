import { defineConfig } from "interlock";

export default defineConfig({
  drivers: ["./skel.ts"],
  scenarios: ["./scenarios.ts"],
  properties: ["./properties.ts"],
  check: { runs: 2000 },
});
