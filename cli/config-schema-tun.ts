/** What a configuration record says of tun devices, as it must look when it comes from outside. */
import { z } from "zod";
import type { TunActor, TunTopology } from "../scenarios/index.ts";

const integer = (least: number, most: number) => z.int().min(least).max(most);

const OPS = 256;
/** Longer than the longest write the driver takes. */
const LEN = 20_000;

/** `topology.tun`. */
export const tunTopology: z.ZodType<TunTopology> = z.strictObject({
  open: integer(0, 2),
  up: z.boolean(),
  head: z.boolean(),
  listener: z.boolean(),
  mpsafe: z.boolean(),
  altq: z.strictObject({ tokens: integer(0, 1_000_000).nullable() }).nullable(),
  qmax: integer(0, 100_000),
});

const op = z.strictObject({
  do: z.enum([
    "open", "close", "revoke", "read", "write", "ioctl", "poll", "poll-read", "ifconfig", "output", "inject", "signal", "refill",
  ]),
  unit: integer(0, 1),
  n: integer(0, 255),
  arg: integer(-0x80000000, 0x7fffffff),
  len: integer(0, LEN),
  valid: integer(0, LEN),
  wait: z.boolean(),
});

/** An actor of the kind `tun`. */
export const tunActor = z.strictObject({
  kind: z.literal("tun"),
  cpu: integer(0, 7),
  root: z.boolean(),
  restarts: z.boolean(),
  ops: z.array(op).max(OPS),
}) satisfies z.ZodType<TunActor>;
