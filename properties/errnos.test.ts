import { expect, it } from "vitest";
import { SCENARIOS } from "../scenarios/index.ts";
import { CELLS, addRequests, addRuns } from "./test-errnos.ts";

/** What no run returns, and why the modelled code cannot. Whatever else the tables have, some run returns. */
const NEVER: Readonly<Record<string, string>> = {
  "if_ioctl EINVAL": "the listened-to caller brings devices up, with SIOCSIFFLAGS, which every driver knows",
  "ifconf ENAMETOOLONG": "if_initname and SIOCSIFNAME leave no name of IFNAMSIZ characters",
  "SIOCGIFCONF ENAMETOOLONG": "as ifconf",
  "OSIOCGIFCONF ENAMETOOLONG": "as ifconf",
  "ifpoll_register EBUSY": "ifioctl looks at IFF_NPOLLING first, under the ifnet lock that all who change it hold",
  "ifpoll_deregister EINVAL": "as ifpoll_register EBUSY; if_detach looks as well",
  "ifpoll_deregister EOPNOTSUPP": "an interface without if_npoll never has IFF_NPOLLING",
  "altq_detach EBUSY": "if_detach turns the discipline off before",
  "altq_detach ENXIO": "if_detach asks whether there is one before",
  "tbr_set 0": "token buckets are set when the machine is made, before anybody listens",
  "tbr_set ENOENT": "nobody removes a token bucket there is not",
  "tsleep EWOULDBLOCK": "nobody in the documents sleeps with a timeout",
  "lwkt_send_ipiq_nowait 0": "nobody in the documents sends an IPI that may be dropped",
  "lwkt_send_ipiq_nowait ENOENT": "as lwkt_send_ipiq_nowait 0",
  "SIOCIFDESTROY EOPNOTSUPP": "every cloner of the scenarios can destroy what it made",
  "SIOCDELMULTI EADDRNOTAVAIL": "if_delmulti asks no driver about the address",
};

/** Some errnos need two threads to meet. */
const MORE: Readonly<Record<string, number>> = { "tun-opens": 1450, "tun-shaped": 400, "loopback-detach": 1000, "loopback-settings": 150 };
const RUNS = 40;

it("every errno of the tables is returned by some run, or has its reason", () => {
  const seen = new Set<string>();
  addRequests(seen);
  for (const scenario of SCENARIOS) addRuns(scenario, 1, MORE[scenario.name] ?? RUNS, seen);

  expect(CELLS.filter((cell) => !seen.has(cell)).sort()).toEqual(Object.keys(NEVER).sort());
  const routines = new Set(CELLS.map((cell) => cell.replace(/ .*/, "")));
  const unlisted = [...seen].filter((cell) => !CELLS.includes(cell) && routines.has(cell.replace(/ .*/, "")) && !/^O?SIOC|^others/.test(cell));
  expect(unlisted).toEqual([]);
});
