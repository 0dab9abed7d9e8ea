/** A request's answer against the reference's. */
import type { Fact } from "../../sim/index.ts";
import { Ifconf, SOCKIO, errnoName } from "../../model/index.ts";
import { confEntries, numberOf, type IoctlRecord } from "../../scenarios/index.ts";
import type { Answer } from "./answer.ts";

/** Where the union of a request is. */
const UNION = 16;

/** What differs; null: nothing. */
export function answerDifference(record: IoctlRecord, answer: Answer): readonly Fact[] | null {
  const expected = describe(answer, answer.error, answer.value, answer.list);
  const got = describe(answer, record.error, valueOf(record), listOf(record));
  return expected === got ? null : [["expected", expected], ["got", got]];
}

function describe(
  answer: Answer,
  error: number,
  value: number | null,
  list: readonly (readonly [string, number])[] | null,
): string {
  if (error !== 0) return errnoName(error);
  if (answer.list !== null) return (list ?? [["entries that do not end", 0]]).map(([name, family]) => `${name}/${String(family)}`).join(" ");
  return answer.value === null ? "0" : `0 and ${String(value)}`;
}

function valueOf({ call, request }: IoctlRecord): number | null {
  if (request.length < UNION + 4) return null;
  const view = new DataView(request.buffer, request.byteOffset);
  return numberOf(call.cmd) === SOCKIO.SIOCGIFINDEX ? view.getInt16(UNION, true) : view.getInt32(UNION, true);
}

function listOf({ call, error, request, pointed }: IoctlRecord): readonly (readonly [string, number])[] | null {
  if (call.cmd !== "SIOCGIFCONF" && call.cmd !== "OSIOCGIFCONF") return null;
  if (error !== 0) return null;
  const entries = confEntries(pointed, new Ifconf(request).ifc_len, call.cmd === "OSIOCGIFCONF");
  return entries?.map(({ name, family }) => [name, family] as const) ?? null;
}
