/** Reading what the user names and writing what appears whole or not at all. */
import {
  accessSync,
  appendFileSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { UsageError, messageOf, quote } from "./errors.ts";

/** Larger inputs are refused: nothing Interlock reads comes near. */
const INPUT_MAX = 64 * 1024 * 1024;
const UNPACKED_MAX = 512 * 1024 * 1024;

/** The text of a file; gzip is recognised by its first bytes. */
export function readInput(path: string): string {
  let bytes: Buffer;
  try {
    const { size } = statSync(path);
    if (size > INPUT_MAX) throw new Error(`larger than ${String(INPUT_MAX)} bytes`);
    bytes = readFileSync(path);
  } catch (error) {
    throw new UsageError(`cannot read ${quote(path)}: ${reason(error)}`);
  }
  try {
    const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const plain = packed ? gunzipSync(bytes, { maxOutputLength: UNPACKED_MAX }) : bytes;
    return new TextDecoder("utf-8", { fatal: true }).decode(plain);
  } catch (error) {
    throw new UsageError(`cannot read ${quote(path)}: ${reason(error)}`);
  }
}

/** Is there such a file? What cannot be asked for, such as a name that is too long, is none. */
export const isFile = (path: string): boolean => statsOf(path)?.isFile() === true;

/** Is there such a folder? See {@link isFile}. */
export const isFolder = (path: string): boolean => statsOf(path)?.isDirectory() === true;

function statsOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

/** Makes a folder and proves that files can be made in it. */
export function prepareFolder(path: string): void {
  try {
    makeFolders(resolve(path));
    accessSync(path, constants.W_OK);
    const probe = join(path, `.probe-${String(process.pid)}`);
    closeSync(openFresh(probe));
    rmSync(probe);
  } catch (error) {
    throw new UsageError(`cannot write to ${quote(path)}: ${reason(error)}`);
  }
}

/** Like `recursive`, which never comes back where a file system denies a folder with ENOENT, as /proc does. */
export function makeFolders(path: string): void {
  const missing: string[] = [];
  for (let at = path; !existsSync(at); at = dirname(at)) missing.push(at);
  for (const folder of missing.reverse()) mkdirSync(folder);
}

/** Opens a new file for writing. What has its name goes: a link there would lead out of the folder. */
export function openFresh(path: string): number {
  rmSync(path, { force: true });
  return openSync(path, "wx");
}

/** Writes a new file, as {@link openFresh} makes it. */
export function writeFresh(path: string, text: string): void {
  const file = openFresh(path);
  try {
    writeFileSync(file, text);
  } finally {
    closeSync(file);
  }
}

/** Writes a file that appears by rename; returns its path. */
export function writeWhole(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  const temporary = `${path}.tmp-${String(process.pid)}`;
  try {
    writeFresh(temporary, text);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new UsageError(`cannot write ${quote(path)}: ${reason(error)}`);
  }
  return path;
}

/**
 * Gives a whole file its name, never in place of another: false when the name is taken. A link does that; a file
 * system without links gets a rename.
 */
export function appear(temporary: string, path: string): boolean {
  try {
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    if (existsSync(path)) return false;
    renameSync(temporary, path);
    return true;
  }
}

/** Names in the folder are on the disk as well; a system that cannot sync folders keeps them by itself. */
export function syncFolder(path: string): void {
  try {
    const handle = openSync(path, "r");
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch {
    return;
  }
}

/** Adds to a file that others write to as well. */
export function appendText(path: string, text: string): void {
  try {
    appendFileSync(path, text);
  } catch (error) {
    throw new UsageError(`cannot write ${quote(path)}: ${reason(error)}`);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  EISDIR: "it is a folder",
  ENOTDIR: "part of the path is not a folder",
  EACCES: "permission denied",
  EROFS: "the file system is read-only",
  ENAMETOOLONG: "the name is too long",
  EEXIST: "a file is in the way",
  ENOSPC: "the disk is full",
  Z_BUF_ERROR: "the compressed data is cut short",
  Z_DATA_ERROR: "the compressed data is damaged",
  ERR_ENCODING_INVALID_ENCODED_DATA: "it is not UTF-8 text",
  ERR_BUFFER_TOO_LARGE: "it is too large when unpacked",
};

/** Why a file could not be read or written, in words. */
export function reason(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return Object.hasOwn(REASONS, code) ? (REASONS[code] ?? code) : messageOf(error);
}
