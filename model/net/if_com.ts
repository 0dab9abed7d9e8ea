/**
 * What kinds of link allocate along with an interface.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 152 to 153 and 3374 to 3398), sys/net/if_var.h `if_com_alloc_t`, `if_com_free_t`.
 * Modules register when they are loaded; nothing orders that with `if_alloc`. The free routine is registered and, as in
 * the seed, called by nobody.
 */
import { Struct, word, type Routine, type Step, type Word } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { KASSERT } from "../panic.ts";
import type { Ifnet } from "./if_var.ts";

/** Allocates for a new interface; null when it cannot. */
export type IfComAlloc = (k: Kernel, type: number, ifp: Ifnet) => Step<unknown>;
/** Frees what {@link IfComAlloc} gave. */
export type IfComFree = (k: Kernel, com: unknown, type: number) => Step<void>;

/** The two routines of a type, each a word of its table. */
class IfCom extends Struct {
  readonly if_com_alloc: Word<IfComAlloc | null>;
  readonly if_com_free: Word<IfComFree | null>;

  constructor(k: Kernel, type: number) {
    super(k.x, `interface type ${type}`);
    this.if_com_alloc = word<IfComAlloc | null>(this, null);
    this.if_com_free = word<IfComFree | null>(this, null);
  }
}

/** Both tables. The words of a type are made when it is first looked at: most of the 256 never are. */
export class IfComTable {
  readonly #k: Kernel;
  readonly #types = new Map<number, IfCom>();

  constructor(k: Kernel) {
    this.#k = k;
  }

  of(type: number): IfCom {
    let com = this.#types.get(type);
    if (com === undefined) {
      com = new IfCom(this.#k, type);
      this.#types.set(type, com);
    }
    return com;
  }
}

/**
 * Registers what is to be called for new interfaces of a type. Panics when somebody has.
 * Context: thread, when a module is loaded.
 * Holds: nothing.
 * Blocks: no.
 */
export function* if_register_com_alloc(k: Kernel, type: number, a: IfComAlloc, f: IfComFree): Routine<void> {
  const com = k.net.ifCom.of(type);
  //@ 3379-3385
  KASSERT(k, (yield* com.if_com_alloc.load()) === null, `if_register_com_alloc: ${type} already registered`);
  KASSERT(k, (yield* com.if_com_free.load()) === null, `if_register_com_alloc: ${type} free already registered`);

  yield* com.if_com_alloc.store(a);
  yield* com.if_com_free.store(f);
}

/**
 * Forgets what was registered for a type. Panics when nothing was.
 * Context: thread, when a module is unloaded.
 * Holds: nothing.
 * Blocks: no.
 */
export function* if_deregister_com_alloc(k: Kernel, type: number): Routine<void> {
  const com = k.net.ifCom.of(type);
  //@ 3392-3397
  KASSERT(k, (yield* com.if_com_alloc.load()) !== null, `if_deregister_com_alloc: ${type} not registered`);
  KASSERT(k, (yield* com.if_com_free.load()) !== null, `if_deregister_com_alloc: ${type} free not registered`);
  yield* com.if_com_alloc.store(null);
  yield* com.if_com_free.store(null);
}
