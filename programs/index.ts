/** The small language and the corpora: the only file other folders may import. */
export { CORPORA, type Entry } from "./corpus/index.ts";
