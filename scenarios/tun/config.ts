/** What a workload does with tun devices, as data. */

/** What one process does next. Fields that an operation does not use are 0 or false. */
export interface TunOp {
  readonly do:
    /** System calls on the device of `unit`. */
    | "open"
    | "close"
    | "revoke"
    | "read"
    | "write"
    /** `n` is its number, `arg` its argument; `len` the MTU where it carries one. */
    | "ioctl"
    /** `n` 1: for output alone. */
    | "poll"
    /** `poll` for input at once, and a read that does not wait if it says there is some. */
    | "poll-read"
    /**
     * Requests about the interface: `n` is 0 up, 1 down, 2 address, 3 an address never filled in, 4 MTU, 5 status,
     * 6 another end, 7 a request that no driver knows, 8 an IPv6 address, 9 the address 0.0.0.0.
     */
    | "ifconfig"
    /**
     * A packet of the stack, from a network thread when `wait`, else from the process itself; `n` is its family; `arg`: 0 with room in
     * front, 1 without, 2 in two buffers, 3 in two of which the first is empty.
     */
    | "output"
    /** A packet written to a listener's descriptor; `n` is its family. */
    | "inject"
    /** Signal `n` to every other process of the workload. */
    | "signal"
    /** The clock gives the token bucket `len` bytes and starts the interface. */
    | "refill";
  /** 0 or 1. */
  readonly unit: number;
  /** Families of packets; number of the request (an index) and its argument; see above. */
  readonly n: number;
  readonly arg: number;
  /** Bytes to move. */
  readonly len: number;
  /** Of these the first so many are mapped. */
  readonly valid: number;
  /** May it sleep? */
  readonly wait: boolean;
}

/** A process and what it does, one operation after the other. */
export interface TunActor {
  readonly kind: "tun";
  readonly cpu: number;
  /** The superuser. */
  readonly root: boolean;
  /** Has handlers for SIGINT and SIGIO; the first restarts a call when `restarts`. */
  readonly restarts: boolean;
  readonly ops: readonly TunOp[];
}

/** The devices. */
export interface TunTopology {
  /** Opened at boot: so many units, 0 to 2; everybody in the workload has inherited the files. */
  readonly open: number;
  /** Its interface has an address and is up. */
  readonly up: boolean;
  /** Four bytes of family in front of packets. */
  readonly head: boolean;
  /** Somebody listens. */
  readonly listener: boolean;
  /** Network threads run without the MP lock. */
  readonly mpsafe: boolean;
  /** A discipline is in charge of the queue; with a token bucket that holds so many bytes at first, or null without. */
  readonly altq: { readonly tokens: number | null } | null;
  readonly qmax: number;
}

/** One device, opened at boot, as the kernel comes. */
export const PLAIN_TUN: TunTopology = {
  open: 1,
  up: false,
  head: false,
  listener: false,
  mpsafe: false,
  altq: null,
  qmax: 4,
};

/** An operation, of which only what matters is told. */
export const op = (what: TunOp["do"], more: Partial<TunOp> = {}): TunOp => {
  const len = more.len ?? 8;
  return { do: what, unit: 0, n: 0, arg: 0, len, valid: len, wait: false, ...more };
};
