// The package as a user meets it, from both of JavaScript's module systems.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";

import * as imported from "kentongan";

const require = createRequire(import.meta.url);
const required = require("kentongan");

test("the native module and package.json agree on the version", () => {
  assert.equal(imported.version(), require("kentongan/package.json").version);
});

test("import and require give the same functions", () => {
  const { default: whole, "module.exports": _alias, ...named } = imported;

  assert.equal(whole, required);
  assert.deepEqual(named, { ...required });
});
