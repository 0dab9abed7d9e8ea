/** Names, paths and words from outside, as schemas read them: nothing in them may speak to a terminal, or ends a line. */
import { z } from "zod";

/** At least one character, none of them a control character. */
export const printable = z.string().regex(/^[^\u0000-\u001f\u007f-\u009f]*$/, "control characters are not allowed").min(1);
