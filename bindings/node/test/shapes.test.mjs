// Every instant that the schemas name comes out as a date, and every key of a user's own as the user wrote it.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";

import { schema } from "kentongan";

import { inward, millis, outward } from "../dist/shapes.js";

/** Every property of a schema, with its name. */
function* properties(schema) {
  if (typeof schema !== "object" || schema === null) return;
  for (const [name, property] of Object.entries(schema.properties ?? {})) yield [name, property];
  for (const inner of Object.values(schema)) yield* properties(inner);
}

const native = createRequire(import.meta.url)("../native.js");
const given = ["account", "handoff"].map((of) => JSON.parse(native.shape(of)));
const said = [...["effect", "decision", "monthly", "quarterly"].map((of) => schema(of)), ...given].flatMap((one) => [...properties(one)]);
const handedIn = [...properties(schema("input"))];
const camel = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
const at = "2026-11-24T02:00:00Z";

test("instants come out as dates", () => {
  const instants = new Set(said.filter(([, { format }]) => format === "date-time").map(([name]) => name));
  assert.ok(instants.size > 8);
  for (const name of instants) assert.deepEqual(outward({ [name]: at }), { [camel(name)]: new Date(at) }, name);
});

test("instants are taken in milliseconds", () => {
  const instants = new Set(handedIn.filter(([, { format }]) => format === "date-time").map(([name]) => name));
  assert.ok(instants.size > 4);
  for (const name of instants) assert.deepEqual(inward({ [camel(name)]: Date.parse(at) }), { [name]: new Date(at) }, name);
});

test("keys of users' own stay as they are, and what is under them is named as elsewhere", () => {
  const maps = [...said, ...handedIn].filter(([, { additionalProperties: of }]) => of === true || typeof of === "object");
  assert.ok(maps.length > 8);
  for (const [name, { additionalProperties: of }] of maps) {
    const values = typeof of === "object" && "$ref" in of ? [{ given_up: 1 }, { givenUp: 1 }] : [1, 1];
    // Clocks are the engine's own, and no name of theirs has two words.
    const key = name === "clocks" ? "acknowledge" : "two_words";
    assert.deepEqual(outward({ [name]: { [key]: values[0] } }), { [camel(name)]: { [key]: values[1] } }, name);
  }
  for (const [name] of handedIn.filter(([, { additionalProperties: of }]) => of === true || typeof of === "object")) {
    assert.deepEqual(inward({ [camel(name)]: { twoWords: 1 } }), { [name]: { twoWords: 1 } }, name);
  }
});

test("an instant says of what place its hour is, and is the same on every machine", () => {
  const noon = Date.UTC(2026, 10, 24, 12);
  for (const text of ["2026-11-24T12:00:00Z", "2026-11-24T12:00:00.000Z", "2026-11-24t12:00:00z", "2026-11-24T19:00:00+07:00", "2026-11-24T07:30:00-04:30"]) {
    assert.equal(millis(text), noon, text);
  }
  assert.equal(millis("2028-02-29T00:00:00Z"), Date.UTC(2028, 1, 29));
  const remedies = [
    ["2026-11-24T12:00:00", "`2026-11-24T12:00:00Z`"], ["2026-11-24 12:00", "`2026-11-24T12:00:00Z`"], ["2026-11-24T12:00:00.5", "`2026-11-24T12:00:00.5Z`"],
    ["2026-11-24", "`2026-11-24T00:00:00Z`"],
    ...["24 Nov 2026 12:00", "2026-02-30T12:00:00Z", "2027-02-29T00:00:00Z", "2026-11-24T24:00:00Z", "2026", "soon", "", Number.NaN, new Date("soon")].map((text) => [text, "text such as"]),
  ];
  for (const [text, remedy] of remedies) {
    assert.throws(() => millis(text), (error) => error.code === "invalid_instant" && error.help.includes(remedy), String(text));
  }
});
