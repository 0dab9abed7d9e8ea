/** What the card receives: the groups its driver programmed, and the modes that pass more. */
import { Struct, guardedBy, type Guard, type Guarded } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";

/** The receive filter of a card. */
export class CardFilter extends Struct {
  /** Link-level groups, as hexadecimal digits, in the order they were programmed. */
  readonly groups: Guarded<readonly string[]>;
  readonly promiscuous: Guarded<boolean>;
  readonly allMulticast: Guarded<boolean>;
  /** Control requests the card is going to refuse. */
  readonly refusals: Guarded<number>;

  constructor(k: Kernel, label: string, guard: Guard) {
    super(k.x, `${label} filter`);
    this.groups = guardedBy<readonly string[]>(this, guard, []);
    this.promiscuous = guardedBy(this, guard, false);
    this.allMulticast = guardedBy(this, guard, false);
    this.refusals = guardedBy(this, guard, 0);
  }
}
