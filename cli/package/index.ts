/** `interlock`: what projects are written with, and checks for people who run them in their own test runner. */
export * from "../project/author.ts";
export { check, replay, type CheckOptions, type ReplayOptions, type ReplayResult, type RunOptions } from "../project/run.ts";
