/** `--reporter html`: a page for each failure, which runs it again, and an index of the check. */
import type { FailureReport } from "../anatomy.ts";
import { fileName } from "../formats/shown-run.ts";
import type { Reporter } from "../reporter.ts";
import type { RunEvents } from "../run-events.ts";
import { indexHtml, type IndexLink } from "./index-page.ts";
import type { PageCode } from "./page.ts";

/** What the reporter must be given: code, and what it takes to pack data. */
export interface HtmlSeat {
  readonly page: (report: FailureReport, events: RunEvents) => Promise<string>;
  readonly code: () => Promise<PageCode>;
}

/** Writes `run-….html` for each failure and `index.html`. */
export function htmlReporter(seat: HtmlSeat): Reporter {
  const links: IndexLink[] = [];
  return {
    async failure(report, look) {
      const file = fileName(report, ".html");
      const page = await seat.page(report, await look.events());
      const { failure, scenario, fingerprint, found } = report;
      links.push({ file, failure, scenario, fingerprint, found });
      return { files: { [file]: page } };
    },
    async end(ending) {
      const { style, hashes } = await seat.code();
      return { files: { "index.html": indexHtml(ending, links, style, hashes.style) } };
    },
  };
}
