/**
 * The stock driver: a network interface card with transmit rings. It follows the rules for drivers of
 * sys/net/if_var.h ("multiple transmit queues") and takes nothing from the kernel but `net/driver.ts`. The names here
 * are ours: no kernel has this card.
 *
 *   `nic-transmit.ts` if_start, completions   `nic-control.ts` up, down, watchdogs
 *   `nic-ioctl.ts` control requests   `nic-serialize.ts` many serializers
 */
import { defineDriver } from "../net/driver.ts";
import { nicIfWatchdog, nicInit, nicNpoll, nicSetup, nicStop, nicWatchdog } from "./nic-control.ts";
import { nicIoctl } from "./nic-ioctl.ts";
import { nicDeserialize, nicSerialize, nicSerializeAssert, nicTryserialize } from "./nic-serialize.ts";
import { nicStart, nicTxIntr, nicTxeof } from "./nic-transmit.ts";

/** The driver; its interfaces are `em0`, `em1`, … */
export const nicDriver = defineDriver({
  name: "em",
  if_start: nicStart,
  if_ioctl: nicIoctl,
  stop: nicStop,
  setup: nicSetup,
  txIntr: nicTxIntr,

  if_init: nicInit,
  if_watchdog: nicIfWatchdog,
  ifsq_watchdog: nicWatchdog,
  if_npoll: nicNpoll,

  serializers: (options) => options.serializers,
  if_serialize: nicSerialize,
  if_deserialize: nicDeserialize,
  if_tryserialize: nicTryserialize,
  if_serialize_assert: nicSerializeAssert,
});

/** For whoever makes completions by hand. In an object: a function that the model exports counts as the kernel's on a stack. */
export const nicByHand = { txeof: nicTxeof };
