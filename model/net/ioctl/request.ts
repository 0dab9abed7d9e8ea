/**
 * What the handlers of `ifioctl` are given, and what several of them do.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 1745 to 2167); sys/sys/socketvar.h `struct socket` and sys/sys/protosw.h, as far
 * as a request needs them.
 */
import type { Routine } from "../../../sim/index.ts";
import { deref } from "../../fault.ts";
import type { Kernel } from "../../kernel.ts";
import { getmicrotime } from "../../kern/kern_clock.ts";
import type { Ucred } from "../../kern/kern_prot.ts";
import { ifnet_deserialize_all, ifnet_serialize_all } from "../if_serialize.ts";
import type { Ifnet } from "../if_var.ts";
import type { Ifreq } from "../ifreq.ts";

/** `pru_control`: a request to the protocol of a socket; errno. Called with the ifnet lock held. May block. */
export type PruControl = (k: Kernel, cmd: number, data: Uint8Array, ifp: Ifnet | null, cred: Ucred) => Routine<number>;

/** `struct socket`: the protocol it belongs to; null while it is being made. */
export interface Socket {
  readonly so_proto: { readonly pru_control: PruControl } | null;
}

/** A request about an interface that was found. */
export interface IfRequest {
  readonly so: Socket;
  readonly cmd: number;
  readonly ifr: Ifreq;
  readonly cred: Ucred;
  readonly ifp: Ifnet;
}

/**
 * One command; errno.
 * Context: thread of a user. Holds: the ifnet lock. Blocks: as each says.
 */
export type IfioctlHandler = (k: Kernel, request: IfRequest) => Routine<number>;

/** `getmicrotime(&ifp->if_lastchange)`. Context: thread. Holds: the ifnet lock. Blocks: no. */
export function* touch(k: Kernel, ifp: Ifnet): Routine<void> {
  yield* ifp.if_lastchange.store(getmicrotime(k));
}

/**
 * The driver's routine inside all serializers; its errno. It is called whether or not there is one.
 * Context: thread. Holds: no serializer of the interface. Blocks: yes, for the serializers, and as the driver does.
 */
export function* callDriver(k: Kernel, { ifp, cmd, ifr, cred }: IfRequest): Routine<number> {
  yield* ifnet_serialize_all(k, ifp);
  const if_ioctl = deref(k, ifp.if_ioctl.fixed, "ifp->if_ioctl");
  const error = yield* if_ioctl(k, ifp, cmd, ifr.data, cred);
  yield* ifnet_deserialize_all(k, ifp);
  return error;
}
