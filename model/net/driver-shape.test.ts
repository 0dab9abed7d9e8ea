import { describe, expect, it } from "vitest";
import { nicDriver } from "../dev/nic.ts";
import { driverObjection } from "./driver-shape.ts";

const but = (change: Readonly<Record<string, unknown>>): string | null => driverObjection({ ...nicDriver, ...change });

describe("an object from outside", () => {
  it("is a driver", () => {
    expect(but({})).toBeNull();
    expect(but({ if_serialize: undefined, if_deserialize: undefined, if_tryserialize: undefined, if_serialize_assert: undefined })).toBeNull();
  });

  it.each([
    [{ name: "Em0!" }, "name must be lower case letters and digits"],
    [{ if_start: undefined }, "if_start must be a function"],
    [{ stop: true }, "stop must be a function"],
    [{ if_watchdog: 5 }, "if_watchdog must be a function, where it is given"],
    [{ serializers: "many" }, `serializers must be "single", "per-ring" or a function`],
    [{ if_strat: () => undefined }, expect.stringMatching(/^if_strat is no member of a driver; there are name, if_start, /)],
    [{ if_tryserialize: undefined }, "it has serialize functions, but no if_tryserialize: all four are needed, or none"],
  ])("is none with %j", (change, why) => {
    expect(but(change)).toEqual(why);
  });
});
