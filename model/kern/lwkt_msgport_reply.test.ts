import { describe, expect, it } from "vitest";
import type { Kernel } from "../kernel.ts";
import {
  LwktMsg,
  LwktPort,
  lwkt_initmsg,
  lwkt_initport_panic,
  lwkt_initport_replyonly,
  lwkt_replymsg,
  lwkt_sendmsg,
} from "./lwkt_msgport.ts";
import { spawnThread } from "./lwkt_thread.ts";
import { runOnce } from "./test-kernel.ts";

function message(k: Kernel, label: string, rport: LwktPort): LwktMsg {
  const msg = new LwktMsg(k, label);
  lwkt_initmsg(k, msg, rport, 0);
  return msg;
}

describe("ports that are not waited at", () => {
  it("replies go where the port says", () => {
    const { failure } = runOnce(1, (k) => {
      const port = new LwktPort(k, "afree");
      const freed: string[] = [];
      lwkt_initport_replyonly(k, port, (k0, _port, msg) => {
        freed.push(msg.label);
        return k0.x.ready(undefined);
      });
      spawnThread(k, "t", 0, function* () {
        yield* lwkt_replymsg(k, message(k, "m", port), 0);
        expect(freed).toEqual(["m"]);
      });
    });
    expect(failure).toBeNull();
  });

  it("to a panic port panics", () => {
    const { failure } = runOnce(1, (k) => {
      const port = new LwktPort(k, "apanic");
      lwkt_initport_panic(k, port);
      spawnThread(k, "sender", 1, function* () {
        yield* lwkt_sendmsg(k, port, message(k, "m", port));
      });
    });
    expect(failure?.kind).toBe("Panic");
  });
});
