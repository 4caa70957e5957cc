// Writes ts/data.ts: the types of what goes in and comes out, from the JSON Schemas of the engine. Run by `npm run build`.

import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const native = createRequire(import.meta.url)("../native.js");
const roots = { Input: "input", Effect: "effect", Decision: "decision", MonthlyReport: "monthly", QuarterlyReview: "quarterly" };
/** What is only given, and has no schema of its own. */
const given = { Account: "account", Handoff: "handoff" };
/** What a shape is called here, where its own name is another's: that of a class of JavaScript's. */
const named = { Promise: "Promised", ClockView: "ClockState" };
const schemas = [
  ...Object.entries(roots).map(([name, of]) => [name, JSON.parse(native.schema(of))]),
  ...Object.entries(given).map(([name, of]) => [name, JSON.parse(native.shape(of))]),
];

const camel = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
const called = (name) => named[name] ?? name;
const pascal = (name) => camel(`_${name}`);
const comment = (text, indent = "") =>
  text === undefined ? "" : `${indent}/** ${text.split("\n").join(`\n${indent} * `)} */\n`.replace(/ +\n/g, "\n");

/** The type of a value; `instant` is how instants are named on this side of the border. */
function type(schema, instant) {
  if (schema.$ref) return called(schema.$ref.split("/").at(-1));
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const several = schema.oneOf ?? schema.anyOf;
  if (several) return [...new Set(several.filter((one) => one.type !== "null").map((one) => type(one, instant)))].join(" | ");
  if (schema.format === "date-time") return instant;
  const kinds = [schema.type].flat().filter((kind) => kind !== "null");
  if (kinds.length !== 1) return "unknown";
  switch (kinds[0]) {
    case "string": return "string";
    case "boolean": return "boolean";
    case "integer": case "number": return "number";
    case "array": return `Array<${type(schema.items ?? {}, instant)}>`;
    case "object":
      if (schema.properties) return `{\n${members(schema, instant, "  ")}}`;
      return `Record<string, ${typeof schema.additionalProperties === "object" ? type(schema.additionalProperties, instant) : "unknown"}>`;
    default: return schema.pattern ? "string" : "unknown";
  }
}

function members(schema, instant, indent) {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {})
    .map(([name, property]) => `${comment(property.description, indent)}${indent}${camel(name)}${required.has(name) ? "" : "?"}: ${type(property, instant)};\n`)
    .join("");
}

/** A named definition. A choice of constants becomes a union, everything with properties an interface. */
function definition(name, schema, instant) {
  if (schema.properties && !schema.oneOf) return `${comment(schema.description)}export interface ${name} {\n${members(schema, instant, "  ")}}\n`;
  const options = schema.oneOf?.every((one) => one.const !== undefined && one.description)
    ? `\n${schema.oneOf.map((one) => `${comment(one.description, "  ")}  | ${JSON.stringify(one.const)}`).join("\n")}`
    : ` ${type(schema, instant)}`;
  return `${comment(schema.description)}export type ${name} =${options};\n`;
}

/** A union told apart by one member; each of its variants is an interface of its own. */
function union(name, schema, instant) {
  const tag = name === "Decision" ? "verdict" : "kind";
  const shared = Object.keys(schema.properties ?? {}).length > 0;
  let text = shared ? `/** What every ${name.toLowerCase()} says. */\nexport interface ${name}Base {\n${members(schema, instant, "  ")}}\n\n` : "";
  const names = [];
  for (const variant of schema.oneOf) {
    const variantName = `${pascal(variant.properties[tag].const)}${name}`;
    const bases = [shared ? `${name}Base` : "", variant.$ref ? variant.$ref.split("/").at(-1) : ""].filter(Boolean);
    const parents = bases.length > 0 ? ` extends ${bases.map((base) => (base === "Classification" ? "Classification" : base)).join(", ")}` : "";
    text += `${comment(variant.description)}export interface ${variantName}${parents} {\n${members(variant, instant, "  ")}}\n\n`;
    names.push(variantName);
  }
  return `${text}${comment(schema.description)}export type ${name} =\n${names.map((one) => `  | ${one}`).join("\n")};\n`;
}

const defined = new Map();
for (const [root, schema] of schemas) {
  for (const [of, definitionOf] of Object.entries(schema.$defs ?? {})) {
    const name = called(of);
    if (!defined.has(name)) defined.set(name, definition(name, definitionOf, root === "Input" ? "Instant" : "Date"));
  }
}
const parts = [
  "// Written by scripts/data.mjs from the engine's JSON Schemas. Do not edit.\n",
  "/** An instant as it may be handed in: a `Date`, milliseconds since 1970, or text such as `2026-11-24T02:00:00Z`. */\nexport type Instant = Date | number | string;\n",
  ...[...defined.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text),
  ...schemas.map(([name, schema]) => (schema.oneOf ? union : definition)(name, schema, name === "Input" ? "Instant" : "Date")),
  "/** One thing that a monitoring system, or a person, says is wrong. */\nexport type Alert = Omit<AlertInput, \"kind\">;\n",
];
writeFileSync(new URL("../ts/data.ts", import.meta.url), parts.join("\n"));
