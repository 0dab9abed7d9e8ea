import { describe, expect, test } from "vitest";
import { executableLines } from "./executable.ts";
import { seedLines } from "./seed-text.ts";

const FUNCTION = [
  "static int",
  "f(int a, struct b *b)",
  "{",
  "	struct c *c, **d;",
  "	int e = 0, g;",
  "",
  "	/* if (a)",
  "	 * return 1; */",
  "	if (a &&",
  "	    b)",
  "		return g(a,",
  "		    \"; {\");",
  "	else",
  "		e = 1;",
  "	switch (a) {",
  "	case 1:",
  "		break;",
  "	default:",
  "		goto done;",
  "	}",
  "#ifdef IFADDR_DEBUG",
  "	kprintf(\"x\");",
  "#endif",
  "#if BYTE_ORDER != BIG_ENDIAN",
  "	little();",
  "#else",
  "	big();",
  "#endif",
  "done:",
  "	while (a)",
  "		if (b)",
  "			break;",
  "	do {",
  "		e++;",
  "	} while (e);",
  "}",
];

describe("lines that run", () => {
  test("are those with a part of a statement that does something", () => {
    expect(executableLines(["", ...FUNCTION], [1, FUNCTION.length])).toEqual({
      executable: [[5, 5], [9, 12], [14, 15], [19, 19], [25, 25], [30, 32], [34, 35]],
      switchedOff: [[22, 22], [27, 27]],
    });
  });
});

describe("the text of a seed", () => {
  test("keeps the numbers that a listing prints, and its text alone", () => {
    const listing = "xref: /a.c\n1\u00a0int\n2\u00a0\n3\u00a0\tf(void)\n";
    const other = "Title\n[a]\n1 int\u00a0f\n2\n3 {";

    expect(seedLines(listing)).toEqual(["", "int", "", "\tf(void)"]);
    expect(seedLines(other)).toEqual(["", "int f", "", "{"]);
  });

  test("is numbered from its first line where it prints no numbers", () => {
    expect(seedLines("+a\n+ b\n+}")).toEqual(["", "a", " b", "}"]);
  });
});
