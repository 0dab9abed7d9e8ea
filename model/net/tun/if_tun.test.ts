// tun(4), one call after the other: what each answers and what it leaves.

import { describe, expect, it } from "vitest";
import type { Routine } from "../../../sim/index.ts";
import {
  EAFNOSUPPORT,
  EBADF,
  EBUSY,
  EFAULT,
  EHOSTDOWN,
  EINVAL,
  EIO,
  ENOBUFS,
  ENOTTY,
  EPERM,
  ESRCH,
  EWOULDBLOCK,
} from "../../sys/errno.ts";
import { SIOCADDMULTI, SIOCGIFSTATUS, SIOCSIFDSTADDR } from "../../sys/sockio.ts";
import { POLLOUT } from "../../kern/kern_conf.ts";
import { sys_close, sys_revoke } from "../../kern/syscalls.ts";
import { AF_INET, AF_INET6, AF_UNSPEC } from "../sockaddr.ts";
import * as F from "../../sys/filio.ts";
import * as I from "../if_iff.ts";
import * as T from "./index.ts";
import { ifconfig } from "./ifconfig_2008.ts";
import { altqEnable } from "./ifq_2008.ts";
import { POLLIN, alone, output, packet, type User } from "./test-tun.ts";

const said = (body: (user: User) => Routine<unknown>, ...rest: unknown[]): unknown => {
  const { said: answer, run } = alone(body, ...(rest as []));
  expect(run.failure).toBeNull();
  return answer;
};

/** Opens, and does this. */
const opened = (body: (user: User) => Routine<unknown>) =>
  function* (user: User): Routine<unknown> {
    yield* user.open();
    return yield* body(user);
  };

describe("open and close", () => {
  it("are for the superuser", () => {
    expect(said((user) => user.open(), {}, { uid: 5 })).toBe(EPERM);
  });

  it("let one in at a time", () => {
    expect(said(function* (user) {
      const first = yield* user.open();
      const second = yield* user.open();
      yield* sys_close(user.k, user.fp);
      return [first, second, yield* user.open()];
    })).toEqual([0, EBUSY, 0]);
  });

  it("of a revoked device answer EBADF afterwards", () => {
    expect(said(opened(function* (user) {
      yield* sys_revoke(user.k, user.fp);
      return [yield* user.read(), user.sc.tun_flags.peek() & T.TUN_OPEN];
    }))).toEqual([EBADF, 0]);
  });

  it("closing drops what waits, marks the interface down and forgets addresses and owner", () => {
    expect(said(opened(function* (user) {
      const { k, p, sc } = user;
      yield* ifconfig(k, p, sc.tun_if, { verb: "address", address: { sa_family: AF_INET, s_addr: 1 } }, {});
      yield* user.ioctl(F.FIOSETOWN, 7);
      yield* output(user, [1]);
      const before = [sc.tun_if.if_flags.peek() & 0x41, sc.tun_if.if_addrheads.map((list) => list.length), k.mbufs.live.size];
      yield* sys_close(k, user.fp);
      const after = [sc.tun_if.if_flags.peek() & 0x41, sc.tun_if.if_addrheads.map((list) => list.length), k.mbufs.live.size];
      return [before, after, sc.tun_sigio.peek()];
    }))).toEqual([[0x41, [1, 1], 1], [0, [0, 0], 0], null]);
  });
});

describe("reading", () => {
  it("takes one packet, as much as asked for", () => {
    expect(said(opened(function* (user) {
      yield* output(user, [1, 2, 3]);
      yield* output(user, [4, 5]);
      return [yield* user.read(2), yield* user.read(), yield* user.read()];
    }))).toEqual(["1 2", "4 5", EWOULDBLOCK]);
  });

  it("loses the packet when the copy faults", () => {
    expect(said(opened(function* (user) {
      yield* output(user, [1, 2, 3]);
      return [yield* user.read(3, { valid: 1 }), yield* user.read(), user.k.mbufs.live.size];
    }))).toEqual([EFAULT, EWOULDBLOCK, 0]);
  });

  it("needs the device open", () => {
    expect(said(opened(function* (user) {
      user.sc.tun_flags.value = T.TUN_INITED;
      return [yield* user.read(), yield* output(user, [1]), user.k.mbufs.live.size];
    }))).toEqual([EHOSTDOWN, EHOSTDOWN, 0]);
  });
});

describe("output", () => {
  it("puts the address or the family in front, as the mode says", () => {
    expect(said(opened(function* (user) {
      yield* user.ioctl(T.TUNSLMODE, 1);
      yield* output(user, [9]);
      yield* user.ioctl(T.TUNSIFHEAD, 1);
      yield* output(user, [8], { family: AF_INET6 });
      yield* output(user, [7], { headroom: 0 });
      return [yield* user.read(), yield* user.read(), yield* user.read()];
    }))).toEqual(["16 2 0 80 10 0 0 1 0 0 0 0 0 0 0 0 9", "0 0 0 28 8", "0 0 0 2 7"]);
  });

  it("without a head takes IPv4 alone", () => {
    expect(said(opened((user) => output(user, [9], { family: AF_INET6 })))).toBe(EAFNOSUPPORT);
  });

  it("drops the packet when there is no memory for what goes in front", () => {
    for (const mode of [T.TUNSLMODE, T.TUNSIFHEAD]) {
      const { said: answer } = alone(opened(function* (user) {
        yield* user.ioctl(mode, 1);
        const error = yield* output(user, [9], { headroom: 0 });
        const { if_oerrors, if_snd } = user.sc.tun_if;
        return [error, if_oerrors.peek(), if_snd.ifq_drops.peek(), user.k.mbufs.live.size];
      }), { nowaitFails: true }, {}, [1]);
      expect(answer).toEqual([ENOBUFS, 1, 1, 0]);
    }
  });

  it("finds the queue full and counts a collision", () => {
    expect(said(opened(function* (user) {
      const first = yield* output(user, [1]);
      return [first, yield* output(user, [2]), user.sc.tun_if.if_collisions.peek()];
    }), { IFQ_MAXLEN: 1 })).toEqual([0, ENOBUFS, 1]);
  });

  it("of a listener's packet takes the family off its front", () => {
    expect(said(opened(function* (user) {
      const dst = new T.OutSockaddr(user.k, "dst", AF_UNSPEC);
      const listener = new T.BpfIf();
      user.sc.tun_if.if_bpf.value = listener;
      yield* user.sc.tun_if.if_output(user.k, user.sc.tun_if, packet(user.k, [2, 0, 0, 0, 5]), dst);
      return [dst.sa_family.peek(), yield* user.read(), listener.heard];
    }))).toEqual([2, "5", [{ header: 2, bytes: Uint8Array.of(5) }]]);
  });
});

describe("writing", () => {
  const heard = (modes: (user: User) => Routine<unknown>, bytes: readonly number[]) =>
    said(opened(function* (user) {
      const seen: unknown[] = [];
      if (user.k.net.tun !== null) user.k.net.tun.input = (isr, got) => seen.push([isr, ...got]);
      yield* modes(user);
      const error = yield* user.write(bytes);
      return [error, user.sc.tun_if.if_ipackets.peek(), user.sc.tun_if.if_ibytes.peek(), seen];
    }));

  it("hands the packet to its protocol", () => {
    expect(heard(function* () {}, [1, 2])).toEqual([0, 1, 2, [[T.NETISR_IP, 1, 2]]]);
    expect(heard((user) => user.ioctl(T.TUNSIFHEAD, 1), [0, 0, 0, 28, 5])).toEqual([0, 1, 1, [[T.NETISR_IPV6, 5]]]);
  });

  it("refuses what is too long or too short or of no family", () => {
    expect(said(opened(function* (user) {
      const long = yield* user.write(new Uint8Array(T.TUNMRU + 1));
      const nothing = yield* user.write([]);
      yield* user.ioctl(T.TUNSIFHEAD, 1);
      return [long, nothing, yield* user.write([0, 0]), yield* user.write([0, 0, 0, 9, 1]), user.k.mbufs.live.size];
    }))).toEqual([EIO, 0, ENOBUFS, EAFNOSUPPORT, 0]);
  });

  it("fails without memory for the first buffer, or a later one", () => {
    for (const [draws, ierrors] of [[[1], 0], [[0, 1], 1]] as const) {
      const { said: answer } = alone(opened(function* (user) {
        return [yield* user.write(new Uint8Array(200)), user.sc.tun_if.if_ierrors.peek(), user.k.mbufs.live.size];
      }), { nowaitFails: true }, {}, draws);
      expect(answer).toEqual([ENOBUFS, ierrors, 0]);
    }
  });

  it("answers EFAULT and keeps the buffer it had got for what follows", () => {
    expect(said(opened(function* (user) {
      return [yield* user.write([1, 2, 3], 1), user.k.mbufs.live.size];
    }))).toEqual([EFAULT, 1]);
  });

  it("frees a buffer twice when a listener heard a packet of no family", () => {
    const { run } = alone(opened(function* (user) {
      user.sc.tun_if.if_bpf.value = new T.BpfIf();
      yield* user.ioctl(T.TUNSIFHEAD, 1);
      return yield* user.write([0, 0, 0, 9, 1]);
    }));
    expect(run.failure?.id).toBe("m-free-freeing-a-free-mbuf");
  });
});

describe("requests", () => {
  it("read back what was set", () => {
    expect(said(opened(function* (user) {
      const answers = [
        yield* user.ioctl(T.TUNSDEBUG, 3),
        yield* user.ioctl(T.TUNGDEBUG),
        yield* user.ioctl(T.TUNGIFHEAD),
        yield* user.ioctl(T.TUNSIFHEAD, 1),
        yield* user.ioctl(T.TUNGIFHEAD),
        yield* user.ioctl(T.TUNSIFHEAD, 0),
        yield* user.ioctl(T.TUNSLMODE, 0),
        yield* user.ioctl(T.TUNSIFPID),
        yield* user.ioctl(F.FIOASYNC, 1),
        yield* user.ioctl(F.FIOASYNC, 0),
        yield* user.ioctl(F.FIOSETOWN, 99),
        yield* user.ioctl(F.TIOCSPGRP, 7),
        yield* user.ioctl(F.FIOGETOWN),
        yield* user.ioctl(F.TIOCGPGRP),
        yield* user.ioctl(F.FIONREAD),
        yield* user.ioctl(0x20007400),
        yield* user.ioctl(F.FIONBIO, 1),
        yield* user.ioctl(T.TUNGIFINFO),
        yield* user.ioctl(T.TUNSIFINFO),
      ];
      yield* output(user, [1, 2, 3]);
      return [...answers, yield* user.ioctl(F.FIONREAD)].map(([error, value]) => (error === 0 ? `=${String(value)}` : error));
    }))).toEqual([
      "=3", "=3", "=0", "=1", "=1", "=0", "=0", "=0", "=1", "=0", ESRCH, "=7", "=-7", "=7", "=0", ENOTTY, "=1", "=0", EINVAL, "=3",
    ]);
  });

  it("change the kind of interface while it is down", () => {
    expect(said(opened(function* (user) {
      const { k, p, sc } = user;
      const [broadcast] = yield* user.ioctl(T.TUNSIFMODE, I.IFF_BROADCAST | I.IFF_MULTICAST);
      const [neither] = yield* user.ioctl(T.TUNSIFMODE, 0x40);
      const flags = sc.tun_if.if_flags.peek();
      yield* ifconfig(k, p, sc.tun_if, { verb: "up" }, {});
      return [broadcast, neither, flags, yield* user.ioctl(T.TUNSIFMODE, I.IFF_BROADCAST)];
    }))).toEqual([0, EINVAL, I.IFF_BROADCAST | I.IFF_MULTICAST, [EBUSY, I.IFF_BROADCAST]]);
  });

  it("of the interface are answered as the driver answers", () => {
    expect(said(opened(function* (user) {
      const { k, p, sc } = user;
      const status: T.IfrData = { ascii: "" };
      const ask = (what: T.Ifconfig) => ifconfig(k, p, sc.tun_if, what, status);
      return [
        yield* ask({ verb: "ask", cmd: SIOCGIFSTATUS }),
        status.ascii,
        yield* ask({ verb: "mtu", mtu: 576 }),
        yield* ask({ verb: "mtu", mtu: 71 }),
        yield* ask({ verb: "ask", cmd: SIOCADDMULTI }),
        yield* ask({ verb: "ask", cmd: 1 }),
        yield* ask({ verb: "address", address: null }),
        yield* ask({ verb: "address", cmd: SIOCSIFDSTADDR, address: { sa_family: AF_INET, s_addr: 1 } }),
        yield* ask({ verb: "down" }),
        sc.tun_if.if_mtu.peek(),
      ];
    }))).toEqual([0, "\tOpened by PID 7\n", 0, EINVAL, 0, EINVAL, EFAULT, 0, 0, 576]);
  });
});

describe("polling", () => {
  it("says what may be done", () => {
    expect(said(opened(function* (user) {
      const before = yield* user.poll(POLLIN | POLLOUT);
      yield* output(user, [1]);
      return [before, yield* user.poll(POLLIN)];
    }))).toEqual([POLLOUT, POLLIN]);
  });

  it("says that one may read what the token bucket holds back", () => {
    expect(said(opened(function* (user) {
      yield* altqEnable(user.k, user.sc.tun_if.if_snd, { tokens: 0, depth: 1, polled: false });
      yield* output(user, [1]);
      return [yield* user.poll(POLLIN), yield* user.read()];
    }))).toEqual([POLLIN, EWOULDBLOCK]);
  });
});
