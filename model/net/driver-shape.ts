/** Is it a driver? For objects that come from outside, where no compiler has looked. */
import type { Driver } from "./driver.ts";

type Member = "name" | "needed" | "optional" | "serializers";

/** Every member of a driver. */
const MEMBERS: Readonly<Record<keyof Driver, Member>> = {
  name: "name",
  if_start: "needed",
  if_ioctl: "needed",
  stop: "needed",
  txIntr: "needed",
  if_init: "optional",
  if_watchdog: "optional",
  ifsq_watchdog: "optional",
  if_npoll: "optional",
  if_resolvemulti: "optional",
  if_serialize: "optional",
  if_deserialize: "optional",
  if_tryserialize: "optional",
  if_serialize_assert: "optional",
  serializers: "serializers",
  softc: "optional",
  setup: "optional",
  attached: "optional",
  setupIntr: "optional",
  running: "optional",
};

/** Names of interfaces are this and a number. */
const NAME = /^[a-z][a-z0-9]*$/;
const ALL_FOUR = ["if_serialize", "if_deserialize", "if_tryserialize", "if_serialize_assert"] as const;

/**
 * Why an object is no {@link Driver}, in words that go on behind its name; null when it is one. It is asked for its
 * members only, nothing of it is called.
 */
export function driverObjection(value: Readonly<Record<string, unknown>>): string | null {
  for (const [member, kind] of Object.entries(MEMBERS)) {
    const why = objection(member, kind, value[member]);
    if (why !== null) return why;
  }
  const stranger = Object.keys(value).find((member) => !Object.hasOwn(MEMBERS, member));
  if (stranger !== undefined) return `${stranger} is no member of a driver; there are ${Object.keys(MEMBERS).join(", ")}`;
  const missing = ALL_FOUR.filter((member) => value[member] === undefined);
  if (missing.length === 0 || missing.length === ALL_FOUR.length) return null;
  return `it has serialize functions, but no ${missing.join(", ")}: all four are needed, or none`;
}

function objection(member: string, kind: Member, value: unknown): string | null {
  const isFunction = typeof value === "function";
  switch (kind) {
    case "name":
      return typeof value === "string" && NAME.test(value) ? null : `${member} must be lower case letters and digits`;
    case "needed":
      return isFunction ? null : `${member} must be a function`;
    case "optional":
      return isFunction || value === undefined ? null : `${member} must be a function, where it is given`;
    case "serializers":
      return isFunction || value === undefined || value === "single" || value === "per-ring"
        ? null
        : `${member} must be "single", "per-ring" or a function`;
  }
}
