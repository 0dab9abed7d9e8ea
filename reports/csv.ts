/** Comma-separated values (RFC 4180, lines ended by a line feed). */

/** Rows as CSV; cells with commas, quotes or line ends are quoted. */
export const csv = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `${row.map(quoted).join(",")}\n`).join("");

const quoted = (cell: string): string =>
  /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
