/** Packets of the stack, as they lie in memory. */
import { MGET, MGETHDR, M_WAITOK, type DataMbuf, type Kernel } from "../../model/index.ts";

/** A packet in one buffer with room in front or without (`how` 0, 1), or in two, of which the first may be empty (2, 3). */
export function packetOf(k: Kernel, bytes: readonly number[], how: number): DataMbuf | null {
  const m = MGETHDR(k, M_WAITOK);
  if (m === null) return null;
  const first = how < 2 ? bytes.length : how === 2 ? bytes.length >> 1 : 0;
  if (how !== 1) m.m_data += 4;
  m.m_len = first;
  m.m_pkthdr.len = bytes.length;
  m.mtod().set(bytes.slice(0, first));
  if (first === bytes.length) return m;
  const rest = MGET(k, M_WAITOK);
  if (rest === null) return null;
  rest.m_len = bytes.length - first;
  rest.mtod().set(bytes.slice(first));
  m.m_next = rest;
  return m;
}
