/** Operations on memberships, modes and groups, as a scenario allows them. */
import fc from "fast-check";
import { IOCTL_NAMES, type ActorConfig, type VaryModule, type VaryMulti } from "../../scenarios/index.ts";

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

/** A module. */
export function moduleActor(
  { ops, drivers, size: [minLength, maxLength] }: VaryModule,
  cpu: fc.Arbitrary<number>,
): fc.Arbitrary<ActorConfig> {
  const op = fc.record({ op: fc.constantFrom(...ops), n: fc.nat({ max: IOCTL_NAMES.length - 1 }) });
  return fc.record({
    kind: fc.constant("module" as const),
    cpu,
    driver: fc.constantFrom(...drivers),
    ops: fc.array(op, { minLength, maxLength }),
  });
}
