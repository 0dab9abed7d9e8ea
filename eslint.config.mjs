// Lint: what the type checker cannot see. Sizes, imports, comments and forgotten `yield*` are
// checked by properties/tidy; layout is not checked at all.

import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

const TESTS = ["**/*.test.ts", "**/*.long.ts", "**/*.page.ts"];
/** Code whose every run must be a function of its choices alone. */
const DETERMINISTIC = ["sim/**/*.ts", "model/**/*.ts", "scenarios/**/*.ts", "programs/**/*.ts", "protocol/**/*.ts"];

const WORLD_GLOBALS = [
  ["Date", "time is virtual"],
  ["performance", "time is virtual"],
  ["setTimeout", "time moves only by transitions of clock contexts"],
  ["setInterval", "time moves only by transitions of clock contexts"],
  ["setImmediate", "nothing runs but what the strategy chose"],
  ["clearTimeout", "time moves only by transitions of clock contexts"],
  ["clearInterval", "time moves only by transitions of clock contexts"],
  ["clearImmediate", "nothing runs but what the strategy chose"],
  ["queueMicrotask", "nothing runs but what the strategy chose"],
  ["Promise", "nothing suspends but a generator"],
  ["process", "the world is reached only from cli/"],
  ["console", "the world is reached only from cli/"],
  ["globalThis", "the world is reached only from cli/"],
  ["require", "the world is reached only from cli/"],
  ["Buffer", "Node is reached only from cli/"],
  ["fetch", "the world is reached only from cli/"],
  ["crypto", "the only randomness is the choice stream"],
  ["Intl", "its answers depend on the machine"],
  ["WeakRef", "its answers depend on the collector"],
  ["FinalizationRegistry", "its answers depend on the collector"],
].map(([name, message]) => ({ name, message }));

/** Engines differ in the last bits of these: tables or integers instead. */
const INEXACT = [
  ..."acos acosh asin asinh atan atan2 atanh cbrt cos cosh exp expm1 hypot".split(" "),
  ..."log log10 log1p log2 pow sin sinh tan tanh".split(" "),
];
const WORLD_PROPERTIES = [
  { object: "Math", property: "random", message: "the only randomness is the choice stream" },
  ...INEXACT.map((property) => ({
    object: "Math",
    property,
    message: "differs between engines: use a table or integers",
  })),
  ...["localeCompare", "toLocaleString", "toLocaleLowerCase", "toLocaleUpperCase"].map(
    (property) => ({ property, message: "its answer depends on the machine" }),
  ),
];

const NO_DEFAULT_EXPORT = {
  selector: "ExportDefaultDeclaration",
  message: "no default exports: a thing has one name",
};
/** V8 allocates such a function where only full collections look, and with it everything it can reach: a whole dead run. */
const PRETENURED = "V8 keeps it and the run it belongs to until the next full collection: name the function first, then store it";
const PRETENURED_SYNTAX = [
  "AssignmentExpression[left.type='MemberExpression'] > ArrowFunctionExpression.right",
  "AssignmentExpression[left.type='MemberExpression'] > FunctionExpression.right",
  "PropertyDefinition[static=false] > ArrowFunctionExpression.value",
].map((selector) => ({ selector, message: PRETENURED }));
/** Each such function gets a prototype and a hidden class when it is first called, and hidden classes are where only full collections look. */
const NESTED_GENERATOR = ["FunctionDeclaration", "FunctionExpression"].map((kind) => ({
  selector: `:function ${kind}[generator=true]`,
  message: "V8 keeps what it closes over until the next full collection: a generator function of the module, and an arrow function that calls it",
}));
const MODULE_STATE = "state that survives a run: hang it off the Execution or the Kernel";
const WORLD_SYNTAX = [
  { selector: ":function[async=true]", message: "nothing suspends but a generator" },
  { selector: "AwaitExpression", message: "nothing suspends but a generator" },
  { selector: "ForOfStatement[await=true]", message: "nothing suspends but a generator" },
  { selector: "ImportExpression", message: "the world is reached only from cli/" },
  {
    selector: "BinaryExpression[operator='**']",
    message: "differs between engines: use a table or integers",
  },
  { selector: "Program > VariableDeclaration[kind='let']", message: MODULE_STATE },
  {
    selector: "Program > ExportNamedDeclaration > VariableDeclaration[kind='let']",
    message: MODULE_STATE,
  },
  ...["Program", "Program > ExportNamedDeclaration"].map((place) => ({
    selector: `${place} > VariableDeclaration > VariableDeclarator`
      + "[init.type='NewExpression'][init.callee.name=/^(Map|Set|WeakMap|WeakSet)$/]"
      + ":not([id.typeAnnotation.typeAnnotation.typeName.name=/^Readonly/])",
    message: `${MODULE_STATE}; a constant says so: ReadonlyMap, ReadonlySet`,
  })),
  { selector: "PropertyDefinition[static=true][readonly!=true]", message: MODULE_STATE },
];

export default defineConfig(
  { ignores: ["build/", "coverage/", "dist/", "interlock-out/", "variants/"] },
  {
    files: ["**/*.ts", "**/*.mjs"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "eqeqeq": "error",
      "no-restricted-syntax": ["error", NO_DEFAULT_EXPORT],
      "no-var": "error",
      "prefer-const": "error",
      // Handing on the nothing that another function returns is no confusion.
      "@typescript-eslint/no-confusing-void-expression": "off",
      // Classes with only static members or only a constructor are a matter of taste.
      "@typescript-eslint/no-extraneous-class": "off",
      "@typescript-eslint/no-unnecessary-condition": [
        "error",
        { allowConstantLoopConditions: true },
      ],
      // It flags the result-only parameters that primitives returning Step<T> are made of.
      "@typescript-eslint/no-unnecessary-type-parameters": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    files: DETERMINISTIC,
    ignores: TESTS,
    rules: {
      "no-restricted-globals": ["error", ...WORLD_GLOBALS],
      "no-restricted-properties": ["error", ...WORLD_PROPERTIES],
      "no-restricted-syntax": ["error", NO_DEFAULT_EXPORT, ...WORLD_SYNTAX, ...PRETENURED_SYNTAX, ...NESTED_GENERATOR],
      // Narrowing does not know that another context ran at a `yield*`: it calls every second
      // look at a shared field unnecessary.
      "@typescript-eslint/no-unnecessary-condition": "off",
    },
  },
  {
    // The few runs of a test may wait for a full collection.
    files: DETERMINISTIC.map((folder) => folder.replace("*.ts", "test-*.ts")),
    rules: { "no-restricted-syntax": ["error", NO_DEFAULT_EXPORT, ...WORLD_SYNTAX, ...PRETENURED_SYNTAX] },
  },
  {
    // A test may assert by `!` and hand methods around; it fails loudly if it is wrong.
    files: TESTS,
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/unbound-method": "off",
    },
  },
  {
    // The types of plain modules are in comments, where the linter does not see a cast.
    files: ["**/*.mjs"],
    rules: { "@typescript-eslint/no-unsafe-assignment": "off" },
  },
  {
    files: ["*.config.ts", "*.config.mjs", "docs/examples/init/*.config.ts"],
    rules: { "no-restricted-syntax": "off" },
  },
);
