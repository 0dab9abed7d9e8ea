/** Operations on memberships, modes and groups, as a scenario allows them. */
import fc from "fast-check";
import type { ActorConfig, VaryMulti } from "../../scenarios/index.ts";

/** An actor. */
export function multiActor(
  { ops, numbers, locked = false, size: [minLength, maxLength] }: VaryMulti,
  cpu: fc.Arbitrary<number>,
  iface: fc.Arbitrary<number>,
): fc.Arbitrary<ActorConfig> {
  const op = fc.record({ op: fc.constantFrom(...ops), n: fc.constantFrom(...numbers) });
  return fc.record({
    kind: fc.constant("multi" as const),
    cpu,
    iface,
    locked: fc.constant(locked),
    ops: fc.array(op, { minLength, maxLength }),
  });
}
