/** Control requests of the card's driver: those every Ethernet driver knows (`ether_ioctl` does addresses and the MTU for them). */
import type { Routine } from "../../sim/index.ts";
import {
  EINVAL,
  EIO,
  IFF_RUNNING,
  IFF_UP,
  Ifreq,
  SIOCADDMULTI,
  SIOCDELMULTI,
  SIOCSIFADDR,
  SIOCSIFCAP,
  SIOCSIFFLAGS,
  SIOCSIFMEDIA,
  SIOCSIFMTU,
  SIOCSIFPHYS,
  deviceOf,
  type Ifnet,
  type Kernel,
} from "../net/driver.ts";
import { nicInit, nicStop } from "./nic-control.ts";
import { nicSetFilter } from "./nic-filter.ts";

/** Bytes of the largest Ethernet payload. */
const ETHERMTU = 1500;

/**
 * The card follows `IFF_UP`; MTU and capabilities are taken over; a card that runs has its filter programmed.
 * Anything else is `EINVAL`, and any request `EIO` that the card refuses.
 * Context: thread.
 * Holds: every serializer of the interface.
 * Blocks: as the callouts do.
 */
export function* nicIoctl(k: Kernel, ifp: Ifnet, cmd: number, data: Uint8Array): Routine<number> {
  const { refusals } = deviceOf(ifp).filter;
  if (refusals.held > 0) {
    refusals.held--;
    return EIO;
  }
  switch (cmd) {
    case SIOCSIFFLAGS:
      yield* followFlags(k, ifp);
      return 0;
    case SIOCSIFADDR:
      // Who gets an address comes up.
      yield* ifp.if_flags.store((yield* ifp.if_flags.load()) | IFF_UP);
      yield* nicInit(k, deviceOf(ifp));
      return 0;
    case SIOCSIFMTU: {
      const mtu = new Ifreq(data).ifr_int;
      if (mtu > ETHERMTU) return EINVAL;
      yield* ifp.if_mtu.store(mtu);
      return 0;
    }
    case SIOCSIFPHYS:
      yield* ifp.if_physical.store(new Ifreq(data).ifr_int & 0xff);
      return 0;
    case SIOCSIFMEDIA:
      // There is one medium.
      return 0;
    case SIOCSIFCAP:
      yield* ifp.if_capenable.store(new Ifreq(data).ifr_int);
      return 0;
    case SIOCADDMULTI:
    case SIOCDELMULTI: {
      const flags = yield* ifp.if_flags.load();
      if ((flags & IFF_RUNNING) !== 0) yield* nicSetFilter(k, ifp, flags);
      return 0;
    }
    default:
      return EINVAL;
  }
}

function* followFlags(k: Kernel, ifp: Ifnet): Routine<void> {
  const flags = yield* ifp.if_flags.load();
  const running = (flags & IFF_RUNNING) !== 0;
  if ((flags & IFF_UP) !== 0) {
    if (!running) yield* nicInit(k, deviceOf(ifp));
    yield* nicSetFilter(k, ifp, flags);
  } else if (running) {
    yield* nicStop(k, ifp);
  }
}
