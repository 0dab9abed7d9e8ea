import { describe, expect, it } from "vitest";
import { chart } from "./chart.ts";
import { csv } from "./csv.ts";

describe("CSV", () => {
  it("quotes what would be read as something else", () => {
    expect(csv([["a", "b"], ["1,5", 'say "x"'], ["two\nlines", ""]])).toBe('a,b\n"1,5","say ""x"""\n"two\nlines",\n');
  });
});

describe("a chart", () => {
  const options = { title: "title", label: "steps", width: 30, height: 4, range: [0, 10] } as const;

  it("labels its steps, and leaves out what is not there", () => {
    const lines = chart(["one", "two", "three"], [1, null, 10], options);

    expect(lines[0]).toBe("title");
    expect(lines.at(-1)?.trim()).toBe("steps");
    expect(lines.at(-2)?.trim().split(/ +/)).toEqual(["one", "three"]);
    expect(lines.every((line) => line === line.trimEnd())).toBe(true);
  });

  it("is none of fewer than two values", () => {
    expect(chart(["one", "two"], [1, null], options)).toEqual([]);
    expect(chart([], [], options)).toEqual([]);
  });

  it("draws a line of equal values", () => {
    expect(chart(["a", "b"], [5, 5], { ...options, range: [5, 5] }).join("\n")).toContain("5┤");
  });
});
