/**
 * Memory of interfaces.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 2736 to 2768).
 */
import type { Routine } from "../../sim/index.ts";
import { deref } from "../fault.ts";
import type { Kernel } from "../kernel.ts";
import { kfree, kmalloc } from "../kern/kern_slaballoc.ts";
import { M_IFNET, M_WAITOK, M_ZERO } from "../sys/malloc.ts";
import { Arpcom } from "./if_ether.ts";
import { IFT_ETHER } from "./if_types.ts";
import { Ifnet } from "./if_var.ts";

/**
 * A new interface structure; null when what its kind of link allocates along with it cannot be had. An Ethernet's is an
 * `arpcom`, whose driver keeps its softc elsewhere.
 * DEVIATES: takes what its locks and fields are called by in reports; its name is given by `if_initname`.
 * Context: thread.
 * Holds: nothing.
 * Blocks: yes, for memory.
 */
export function* if_alloc(k: Kernel, type: number, called: string): Routine<Ifnet | null> {
  let build: () => Ifnet;
  //@ 2745
  if (type === IFT_ETHER) {
    //@ 2746
    build = () => new Arpcom(k, type, called);
  } else {
    //@ 2748
    build = () => new Ifnet(k, type, called);
  }

  //@ 2750-2754
  const ifp = yield* kmalloc(k, M_IFNET, M_WAITOK | M_ZERO, build);

  const { if_com_alloc } = k.net.ifCom.of(type);
  if ((yield* if_com_alloc.load()) !== null) {
    //@ 2755-2756
    const alloc = deref(k, yield* if_com_alloc.load(), "if_com_alloc[type]");
    ifp.if_l2com.fixed = yield* alloc(k, type, ifp);
    if (ifp.if_l2com.fixed === null) {
      //@ 2757-2758
      yield* kfree(k, ifp, M_IFNET);
      return null;
    }
  }
  //@ 2761
  return ifp;
}

/**
 * Frees an interface structure that was detached, or never attached.
 * Context: thread.
 * Holds: nothing.
 * Blocks: no.
 */
export function* if_free(k: Kernel, ifp: Ifnet): Routine<void> {
  //@ 2767
  yield* kfree(k, ifp, M_IFNET);
}
