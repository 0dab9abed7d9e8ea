/** Typed arrays that grow. */

/** No event, no access. */
export const NONE = -1;

/** A longer copy, in which `index` has a place. */
export function larger(from: Int32Array<ArrayBuffer>, index: number): Int32Array<ArrayBuffer> {
  const to = new Int32Array(Math.max(2 * from.length, index + 1));
  to.set(from);
  return to;
}
