/** What a sequence calls besides its routines, in order: the driver, and routing sockets. */
import type { Kernel } from "../../../model/index.ts";

/** Numbers that the recordings give to calls. */
export const CALL = { SIOCADDMULTI: 1, SIOCDELMULTI: 2, SIOCSIFFLAGS: 3, RTM_IFINFO: 100, RTM_NEWMADDR: 201, RTM_DELMADDR: 202 } as const;

/** The calls of one operation. */
export class Calls {
  readonly #k: Kernel;
  #calls: number[] = [];
  #announced: number;

  constructor(k: Kernel) {
    this.#k = k;
    this.#announced = k.net.announced.length;
  }

  /** The driver was called. */
  driver(call: number): void {
    this.#announcements();
    this.#calls.push(call);
  }

  /** What there was since the last time. */
  take(): readonly number[] {
    this.#announcements();
    const calls = this.#calls;
    this.#calls = [];
    return calls;
  }

  /** What was announced meanwhile was announced before whatever is told next. */
  #announcements(): void {
    const { announced } = this.#k.net;
    for (; this.#announced < announced.length; this.#announced++) {
      const message = announced[this.#announced]?.message;
      if (message === "RTM_IFINFO" || message === "RTM_NEWMADDR" || message === "RTM_DELMADDR") this.#calls.push(CALL[message]);
    }
  }
}
