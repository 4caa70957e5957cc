// The package as a user meets it, from both of JavaScript's module systems, and installed from its archive.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import * as imported from "kentongan";

const require = createRequire(import.meta.url);
const required = require("kentongan");

test("the native module and package.json agree on the version", () => {
  assert.equal(imported.version(), require("kentongan/package.json").version);
});

test("import and require give the same classes", () => {
  const { "module.exports": _alias, __esModule: _mark, default: _whole, ...named } = imported;
  assert.deepEqual(Object.keys(named).sort(), Object.keys(required).sort());
  assert.equal(imported.Policy, required.Policy);
});

test("the archive of the package installs into an empty project and works there", () => {
  const folder = mkdtempSync(join(tmpdir(), "kentongan-pack-"));
  try {
    const npm = (...given) => execFileSync("npm", given, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
    const [{ filename }] = JSON.parse(npm("pack", "--json", "--ignore-scripts", fileURLToPath(new URL("..", import.meta.url))));
    writeFileSync(join(folder, "package.json"), '{ "name": "empty", "private": true }');
    npm("install", "--silent", "--offline", "--no-audit", "--no-fund", `./${filename}`);
    writeFileSync(join(folder, "try.mjs"), 'import { Policy } from "kentongan"; console.log(Policy.kreki().name);');
    writeFileSync(join(folder, "try.cjs"), 'const { Policy } = require("kentongan"); console.log(Policy.kreki().name);');
    for (const script of ["try.mjs", "try.cjs"]) {
      assert.equal(execFileSync("node", [script], { cwd: folder, encoding: "utf8" }), "kreki\n");
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
