/**
 * What `ifconfig` makes of a tun interface.
 *
 * Mirrors: sys/net/if.c `ifioctl`, `ifhwioctl`; sys/netinet/in.c `in_control`, `in_ifinit`; May 2008, as far as they
 * reach `if_ioctl` of a tun interface.
 *
 * An environment of tun(4). Its contract: only the superuser changes anything; a flag changes without the serializer and
 * then `if_ioctl` is told; `if_ioctl` is called with the serializer held, and an address that it refuses is taken back.
 */
import type { Routine } from "../../../sim/index.ts";
import type { Kernel } from "../../kernel.ts";
import type { Proc } from "../../kern/kern_proc.ts";
import { suser_cred } from "../../kern/kern_prot.ts";
import { lwkt_serialize_enter, lwkt_serialize_exit } from "../../kern/lwkt_serialize.ts";
import { get_mplock, rel_mplock } from "../../kern/lwkt_token.ts";
import { EINVAL } from "../../sys/errno.ts";
import { IFF_UP } from "../if_var.ts";
import { IF_MAXMTU, IF_MINMTU } from "../ifreq.ts";
import { addAddress, downInterface, purgeAddresses, upInterface, type IfaddrOf2008, type IfrData, type Ifnet2008 } from "./ifnet_2008.ts";
import { SIOCSIFADDR, SIOCSIFFLAGS, SIOCSIFMTU } from "../../sys/sockio.ts";

/** `if_ioctl`, as all callers call it. */
function* askDriver(k: Kernel, ifp: Ifnet2008, cmd: number, data: IfrData): Routine<number> {
  yield* lwkt_serialize_enter(k, ifp.if_serializer);
  const error = yield* ifp.if_ioctl(k, ifp, cmd, data);
  yield* lwkt_serialize_exit(k, ifp.if_serializer);
  return error;
}

/** What is asked of the interface. */
export type Ifconfig =
  | { readonly verb: "up" | "down" }
  | { readonly verb: "mtu"; readonly mtu: number }
  | { readonly verb: "address"; readonly cmd?: number; readonly address: IfaddrOf2008["ifa_addr"] }
  | { readonly verb: "ask"; readonly cmd: number };

function* configureInterface(k: Kernel, ifp: Ifnet2008, what: Ifconfig, data: IfrData): Routine<number> {
  switch (what.verb) {
    case "up":
      if (((yield* ifp.if_flags.load()) & IFF_UP) === 0) yield* upInterface(k, ifp);
      yield* askDriver(k, ifp, SIOCSIFFLAGS, data);
      return 0;
    case "down":
      if (((yield* ifp.if_flags.load()) & IFF_UP) !== 0) yield* downInterface(k, ifp);
      yield* askDriver(k, ifp, SIOCSIFFLAGS, data);
      return 0;
    case "mtu":
      if (what.mtu < IF_MINMTU || what.mtu > IF_MAXMTU) return EINVAL;
      return yield* askDriver(k, ifp, SIOCSIFMTU, { ifr_mtu: what.mtu });
    case "address": {
      yield* addAddress(k, ifp, { ifa_addr: what.address });
      const error = yield* askDriver(k, ifp, what.cmd ?? SIOCSIFADDR, data);
      if (error !== 0) yield* purgeAddresses(k, ifp);
      return error;
    }
    case "ask":
      return yield* askDriver(k, ifp, what.cmd, data);
  }
}

/**
 * `ifioctl` on a tun interface.
 * Context: process.
 * Holds: nothing.
 * Blocks: yes, for the serializer and for network threads.
 */
export function* ifconfig(k: Kernel, p: Proc, ifp: Ifnet2008, what: Ifconfig, data: IfrData): Routine<number> {
  const error = suser_cred(p.p_ucred, 0);
  if (error !== 0) return error;
  yield* get_mplock(k);
  const answer = yield* configureInterface(k, ifp, what, data);
  yield* rel_mplock(k);
  return answer;
}
