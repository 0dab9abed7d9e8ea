// User memory, signals and their owners.

import { describe, expect, it } from "vitest";
import { Op, Struct, word, type Routine } from "../../sim/index.ts";
import { EFAULT, EINTR, ENAMETOOLONG, EPERM, ERESTART, ESRCH } from "../sys/errno.ts";
import type { Kernel } from "../kernel.ts";
import { copyin, copyinstr, copyout } from "./copyio.ts";
import { fgetown, fsetown, funsetown, type Sigio } from "./kern_descrip.ts";
import { curproc, spawnProcess, type Proc, type ProcessOptions } from "./kern_proc.ts";
import { suser_cred } from "./kern_prot.ts";
import { SIGINT, SIGIO, ksignal, pgsigio, postsig } from "./kern_sig.ts";
import { UIO_READ, UIO_WRITE, uiomove, type Uio } from "./kern_subr.ts";
import { PCATCH, tsleep, wakeup } from "./kern_synch.ts";
import { get_mplock, rel_mplock } from "./lwkt_token.ts";
import { allOutcomes, outcomes } from "./test-kernel.ts";

const ident = { label: "bell" };

/** What one process tells after doing this. */
function told(body: (k: Kernel, proc: Proc) => Routine<unknown>, options: Partial<ProcessOptions> = {}): unknown {
  let said: unknown;
  outcomes(1, (k) => {
    spawnProcess(k, "user", 0, { pid: 7, ...options }, function* (_k, proc) {
      said = yield* body(k, proc);
    });
    return () => "";
  });
  return said;
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe("copies", () => {
  it("take what is mapped, and fault at the first byte that is not", () => {
    const seen = told(function* (k, { p_vmspace }) {
      const to = new Uint8Array(4);
      const short = p_vmspace.mapUpTo(bytes(1, 2, 3, 4), 2);
      const whole = p_vmspace.map(bytes(5, 6, 7, 8));
      return [yield* copyin(k, whole, to, 4), [...to], yield* copyin(k, short, to, 4), [...to], yield* copyin(k, 1, to, 1)];
    });

    expect(seen).toEqual([0, [5, 6, 7, 8], EFAULT, [1, 2, 7, 8], EFAULT]);
  });

  it("of strings end at the NUL", () => {
    const seen = told(function* (k, { p_vmspace }) {
      const to = new Uint8Array(4);
      const named = p_vmspace.map(bytes(97, 0, 98, 99));
      const endless = p_vmspace.map(bytes(97, 98, 99, 100));
      const cut = p_vmspace.map(bytes(97, 98));
      return [
        yield* copyinstr(k, named, to, 4),
        yield* copyinstr(k, endless, to, 4),
        yield* copyinstr(k, cut, to, 4),
      ];
    });

    expect(seen).toEqual([
      { error: 0, lencopied: 2 },
      { error: ENAMETOOLONG, lencopied: 4 },
      { error: EFAULT, lencopied: 2 },
    ]);
  });

  it("let other threads of the CPU run while a page is fetched, without the MP lock", () => {
    const seen = allOutcomes((k) => {
      let order = "";
      const page = new Uint8Array(1);
      spawnProcess(k, "copier", 0, { pid: 1 }, function* (_k, { p_vmspace }) {
        yield* get_mplock(k);
        yield* copyout(k, bytes(1), p_vmspace.map(page), 1);
        order += "copied ";
        yield* rel_mplock(k);
      });
      spawnProcess(k, "other", 0, { pid: 2 }, function* () {
        yield* get_mplock(k);
        order += "other ";
        yield* rel_mplock(k);
      });
      return () => order.trim();
    }, { ncpus: 1, pageFaults: true });

    expect(new Set(seen.keys())).toEqual(new Set(["copied other", "other copied"]));
  });
});

describe("uiomove", () => {
  it("goes through the buffers in turn, and does not count one that faults", () => {
    const seen = told(function* (k, { p_vmspace }) {
      const uio: Uio = {
        uio_iov: [
          { iov_base: p_vmspace.map(bytes(1, 2)), iov_len: 2 },
          { iov_base: 0, iov_len: 0 },
          { iov_base: p_vmspace.mapUpTo(bytes(3, 4, 5), 1), iov_len: 3 },
        ],
        uio_resid: 5,
        uio_rw: UIO_WRITE,
      };
      const to = new Uint8Array(5);
      return [yield* uiomove(k, to, 5, uio), [...to], uio.uio_resid];
    });

    expect(seen).toEqual([EFAULT, [1, 2, 3, 0, 0], 3]);
  });

  it("moves no more than is asked for or wanted", () => {
    const seen = told(function* (k, { p_vmspace }) {
      const user = new Uint8Array(4);
      const uio: Uio = { uio_iov: [{ iov_base: p_vmspace.map(user), iov_len: 4 }], uio_resid: 4, uio_rw: UIO_READ };
      return [yield* uiomove(k, bytes(9, 8), 2, uio), [...user], uio.uio_resid];
    });

    expect(seen).toEqual([0, [9, 8, 0, 0], 2]);
  });
});

/** A process that sleeps once on the bell with a handler for SIGINT, and one on another CPU that does something. */
function sleeper(restart: boolean, other: (k: Kernel, proc: Proc) => Routine<void>): ReadonlyMap<string, number> {
  return allOutcomes((k) => {
    let error = 99;
    const handlers = [{ signo: SIGINT, restart }];
    const proc = spawnProcess(k, "sleeper", 0, { pid: 1, handlers }, function* (_k, self) {
      error = yield* tsleep(k, ident, PCATCH, "bell", 0);
      if (self.p_lwp !== null) yield* postsig(self.p_lwp);
    });
    spawnProcess(k, "other", 1, { pid: 2 }, () => other(k, proc));
    return () => `${String(error)} took ${proc.taken.join()}`;
  }, {}, 2);
}

describe("signals", () => {
  it("end a sleep that catches them, whenever they come", () => {
    expect([...sleeper(false, (k, proc) => ksignal(k, proc, SIGINT)).keys()]).toEqual([`${String(EINTR)} took 2`]);
    expect([...sleeper(true, (k, proc) => ksignal(k, proc, SIGINT)).keys()]).toEqual([`${String(ERESTART)} took 2`]);
  });

  it("that are ignored by default end nothing; a wakeup does", () => {
    const seen = sleeper(false, function* (k, proc) {
      yield* ksignal(k, proc, SIGIO);
      yield* wakeup(k, ident);
    });

    expect(new Set(seen.keys())).toEqual(new Set(["0 took ", "stuck: sleeper"]));
  });
});

class Device extends Struct {
  readonly owner = word<Sigio | null>(this, null);
}

describe("owners", () => {
  it("are processes or groups of the asker's session", () => {
    const seen = told(function* (k) {
      const { owner } = new Device(k.x, "device");
      const answers: number[] = [];
      for (const pgid of [99, -99, 7, -7, 0]) answers.push(yield* fsetown(k, pgid, owner), fgetown(yield* owner.load()));
      return [answers, k.ledger.leaks().length, curproc(k)?.p_pid];
    });

    expect(seen).toEqual([[ESRCH, 0, ESRCH, 0, 0, 7, 0, -7, 0, 0], 0, 7]);
  });

  it("of another session are refused", () => {
    const seen = told(function* (k) {
      spawnProcess(k, "foreign", 0, { pid: 8, session: 2 }, function* () {
        return;
      });
      return yield* fsetown(k, 8, new Device(k.x, "device").owner);
    });

    expect(seen).toBe(EPERM);
  });

  it("are signalled, all of a group that the owner may signal", () => {
    let procs: readonly Proc[] = [];
    const seen = outcomes(1, (k) => {
      const handlers = [{ signo: SIGIO, restart: false }];
      const idle = function* (): Routine<void> {
        yield* k.x.pause(Op.Yield);
      };
      procs = [1, 2, 3].map((pid) =>
        spawnProcess(k, `proc ${String(pid)}`, 0, { pid, pgid: 1, uid: pid === 3 ? 5 : 4, handlers }, idle));
      spawnProcess(k, "asker", 0, { pid: 9, uid: 4 }, function* () {
        const { owner } = new Device(k.x, "device");
        yield* fsetown(k, -1, owner);
        const sigio = yield* owner.load();
        yield* pgsigio(k, sigio, SIGIO, 0);
        yield* funsetown(k, sigio);
      });
      return () => "";
    });

    expect([...seen.keys()]).toEqual([""]);
    expect(procs.map(({ p_siglist }) => p_siglist.peek())).toEqual([1 << SIGIO, 1 << SIGIO, 0]);
  });

  it("are privileged as root or not", () => {
    expect(told(function* (_k, { p_ucred }) {
      return suser_cred(p_ucred, 0);
    }, { uid: 3 })).toBe(EPERM);
  });
});
