/** `npm run orderings`: a small failing run of each mutant, for the tests of what `explain` says, where the recorded one does not fail any more. */
import { FAILING, RECORDED, failingRun, writeRecorded } from "./explain/test-failing.ts";

const tokens: Record<string, string> = {};
for (const mutant of FAILING) {
  const { text } = await failingRun(mutant);
  if (text !== RECORDED[mutant.name]) console.log(`${mutant.name}: another run`);
  tokens[mutant.name] = text;
  writeRecorded({ ...RECORDED, ...tokens });
}
writeRecorded(tokens);
