/**
 * Reads programs in the notation in which the literature's tools are quoted: `x:=e` stores, `r<-x` loads, `r<-x+=e` adds,
 * `r<-x=:e` exchanges, threads are separated by `|`, and so on; docs/corpora.md has the list. `N threads i: …` stands
 * for N threads that know their number. The result is the program in JSON, to be read like any other.
 */
import { OLD, Unsupported } from "./language.ts";
import { shown } from "./reading.ts";

/** Numbers that names stand for while a program is read. */
export type Constants = Readonly<Record<string, number>>;

type Json = number | string | readonly Json[];

const TOKEN = /\s*(?:([A-Za-z_][A-Za-z0-9_.]*)|([0-9]+)|(:=|<-|=:|\+=|==|!=|<=|>=|&&|[-+%!<>()[\]{};,:=]))/y;
const FAMILY = /^\s*([A-Za-z_]\w*|[0-9]+)\s+threads?(?:\s+([A-Za-z_]\w*))?\s*:/;
const THREADS_MAX = 200;

/** The threads of a text, in JSON. Throws {@link Unsupported}. */
export function parsePseudo(text: string, constants: Constants = {}): readonly Json[] {
  return text.split("|").flatMap((thread) => {
    const [head, times, index] = FAMILY.exec(thread) ?? [];
    if (head === undefined || times === undefined) return [new Parser(thread, constants).thread()];
    const count = /^[0-9]/.test(times) ? Number(times) : (constants[times] ?? constants["threads"] ?? 0);
    if (!Number.isInteger(count) || count < 1 || count > THREADS_MAX) throw new Unsupported(`${shown(times)} threads`);
    const body = thread.slice(head.length);
    return Array.from({ length: count }, (_, i) =>
      new Parser(body, { ...constants, ...(index !== undefined && { [index]: i }) }).thread());
  });
}

/** Operators between two operands, the loosest first. */
const LEVELS: readonly ReadonlySet<string>[] = [
  new Set(["&&"]),
  new Set(["==", "!=", "<", "<=", ">", ">="]),
  new Set(["+", "-", "%"]),
];

class Parser {
  readonly #tokens: readonly string[];
  readonly #text: string;
  readonly #constants: Constants;
  #at = 0;

  constructor(text: string, constants: Constants) {
    this.#text = text.trim();
    this.#tokens = tokensOf(this.#text);
    this.#constants = constants;
  }

  thread(): Json {
    const block = this.#block(null);
    if (this.#at < this.#tokens.length) this.#refuse();
    return block;
  }

  /** Statements up to the end, or to a closing brace. */
  #block(closing: "}" | null): readonly Json[] {
    const block: Json[] = [];
    while (this.#at < this.#tokens.length && this.#tokens[this.#at] !== closing) {
      block.push(this.#statement());
      const last = this.#tokens[this.#at - 1];
      const more = this.#take(";");
      if (!more && last !== "}") break;
    }
    if (closing !== null) this.#need(closing);
    return block;
  }

  #body(): readonly Json[] {
    this.#need("{");
    return this.#block("}");
  }

  #statement(): Json {
    const word = this.#tokens[this.#at] ?? "";
    const keyword = Object.hasOwn(KEYWORDS, word) ? KEYWORDS[word] : undefined;
    const next = this.#tokens[this.#at + 1];
    if (keyword === undefined || next === ":=" || next === "<-") return this.#assignment();
    this.#at++;
    return keyword(this);
  }

  /** `x:=e`, `x :=sc e`, `r<-…`. */
  #assignment(): Json {
    const place = this.place();
    if (this.#take(":=")) return [this.#take("sc") ? "stsc" : "st", place, this.expression()];
    this.#need("<-");
    if (typeof place !== "string" || place.includes("[")) return this.#refuse();
    if (this.#take("cas")) return ["cas", place, ...this.#arguments()];
    if (this.#take("trylock")) return ["trylock", place, this.place()];
    if (this.#take("awaitx")) {
      const word = this.place();
      this.#need(":");
      const condition = this.expression();
      this.#need("=:");
      return ["awaitx", place, word, condition, this.expression()];
    }
    const word = this.place();
    if (this.#take("+=")) return ["rmw", place, word, ["+", OLD, this.expression()]];
    if (this.#take("=:")) return ["xchg", place, word, this.expression()];
    return ["ld", place, word];
  }

  #arguments(): readonly Json[] {
    this.#need("(");
    const place = this.place();
    this.#need(",");
    const old = this.expression();
    this.#need(",");
    const next = this.expression();
    this.#need(")");
    return [place, old, next];
  }

  place(): Json {
    const name = this.name();
    if (!this.#take("[")) return name;
    const index = this.expression();
    this.#need("]");
    return typeof index === "number" ? `${name}[${String(index)}]` : [name, index];
  }

  name(): string {
    const token = this.#tokens[this.#at] ?? "";
    if (!/^[A-Za-z_]/.test(token)) return this.#refuse();
    this.#at++;
    return token;
  }

  /** A thread: `3`, or `T3`. */
  number(): Json {
    const [, digits] = /^T?([0-9]+)$/.exec(this.#tokens[this.#at] ?? "") ?? [];
    if (digits === undefined) return this.#refuse();
    this.#at++;
    return Number(digits);
  }

  expression(level = 0): Json {
    const operators = LEVELS[level];
    if (operators === undefined) return this.#unary();
    let left = this.expression(level + 1);
    for (;;) {
      const operator = this.#tokens[this.#at] ?? "";
      if (!operators.has(operator)) return left;
      this.#at++;
      left = folded(operator, left, this.expression(level + 1));
    }
  }

  #unary(): Json {
    if (this.#take("!")) return ["!", this.#unary()];
    if (this.#take("-")) return folded("-", 0, this.#unary());
    if (this.#take("(")) {
      const inner = this.expression();
      this.#need(")");
      return inner;
    }
    const token = this.#tokens[this.#at] ?? "";
    if (/^[0-9]/.test(token)) {
      this.#at++;
      return Number(token);
    }
    const name = this.name();
    return Object.hasOwn(this.#constants, name) ? (this.#constants[name] ?? 0) : name;
  }

  condition(): Json {
    this.#need(":");
    return this.expression();
  }

  set(): Json {
    const register = this.name();
    this.#need("=");
    return ["set", register, this.expression()];
  }

  branch(): Json {
    const condition = this.expression();
    const then = this.#body();
    return this.#take("else") ? ["if", condition, then, this.#body()] : ["if", condition, then];
  }

  loop(word: "while" | "repeat"): Json {
    return [word, this.expression(), this.#body()];
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at++;
    return true;
  }

  #need(token: string): void {
    if (!this.#take(token)) this.#refuse();
  }

  #refuse(): never {
    const found = this.#tokens[this.#at];
    throw new Unsupported(`${found === undefined ? "the end" : shown(found)} in ${shown(this.#text)}`);
  }
}

const KEYWORDS: Readonly<Record<string, (parser: Parser) => Json>> = {
  fence: () => ["fence"],
  return: () => ["return"],
  lock: (parser) => ["lock", parser.place()],
  unlock: (parser) => ["unlock", parser.place()],
  condwait: (parser) => {
    const condition = parser.place();
    const mutex = parser.place();
    return ["seq", ["cwait", condition, mutex], ["creacq", condition, mutex]];
  },
  csignal: (parser) => ["csignal", parser.place()],
  cbcast: (parser) => ["cbcast", parser.place()],
  await: (parser) => ["await", parser.place(), parser.condition()],
  assume: (parser) => ["assume", parser.expression()],
  assert: (parser) => ["assert", parser.expression()],
  spawn: (parser) => ["spawn", parser.number()],
  join: (parser) => ["join", parser.number()],
  set: (parser) => parser.set(),
  if: (parser) => parser.branch(),
  while: (parser) => parser.loop("while"),
  repeat: (parser) => parser.loop("repeat"),
};

/** Constants are worked out at once, the others are operations. */
function folded(operator: string, left: Json, right: Json): Json {
  if (typeof left === "number" && typeof right === "number") {
    if (operator === "+") return left + right;
    if (operator === "-") return left - right;
    if (operator === "%" && right !== 0) return left % right;
  }
  return [operator, left, right];
}

function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const from = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (found === null) throw new Unsupported(`${shown(text.slice(from).trim())} in ${shown(text)}`);
    tokens.push(found[0].trim());
  }
  return tokens;
}
