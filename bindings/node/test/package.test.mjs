// The package as a user meets it, from both of JavaScript's module systems, and installed from its archive.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import * as imported from "kentongan";

import { top, writeJournal } from "./support/fixtures.mjs";

const here = fileURLToPath(new URL("..", import.meta.url));
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

/** A folder with nothing in it, for as long as the work takes. */
async function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), "kentongan-pack-"));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const npm = (cwd, ...given) => execFileSync("npm", given, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
const pack = (cwd, from) => join(cwd, JSON.parse(npm(cwd, "pack", "--json", "--ignore-scripts", from))[0].filename);

/** Installs archives into an empty project, and gives what runs a file there. */
function install(project, ...archives) {
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), '{ "name": "empty", "private": true }');
  npm(project, "install", "--silent", "--offline", "--no-audit", "--no-fund", ...archives);
  return (name, code) => {
    writeFileSync(join(project, name), code);
    return execFileSync("node", [name], { cwd: project, encoding: "utf8" });
  };
}

const readmes = [join(here, "README.md"), `${top}README.md`].map((path) => readFileSync(path, "utf8"));
const programs = () => readmes.flatMap((text) => [...text.matchAll(/```js\n(.*?)```/gs)].map(([, code]) => code));

/** The journal that the README makes by its command. */
async function makeJournal(path) {
  const [, scenario] = /^cargo run .* simulate (\S+) --journal incidents\.journal$/m.exec(readmes[1]);
  const { inputs } = imported.Scenario.load(`${top}${scenario}`).run();
  await writeJournal(path, imported.Policy.kreki(), inputs.map(({ at, input }) => [at, input]));
}

test("the archive of the package installs into an empty project, and the READMEs' programs say there what the READMEs say", () =>
  inFolder(async (folder) => {
    const project = join(folder, "project");
    const run = install(project, pack(folder, here));
    await makeJournal(join(project, "incidents.journal"));
    const kinds = new Set();
    for (const code of programs()) {
      const kind = code.includes("require(") ? "cjs" : "mjs";
      kinds.add(kind);
      const expected = [...code.matchAll(/console\.log\(.*\/\/ (.*)$/gm)].map(([, text]) => text);
      assert.ok(expected.length > 0, code);
      assert.ok(code.split("\n").length <= 41, "at most 40 lines");
      // Whoever tries one tries it again.
      for (let times = 0; times < 2; times += 1) assert.deepEqual(run(`readme.${kind}`, code).trim().split("\n"), expected);
    }
    assert.deepEqual([...kinds].sort(), ["cjs", "mjs"]);
  }));

test("the READMEs' programs compile under strict TypeScript", () => {
  // Within the package, which knows itself by its name.
  const folder = mkdtempSync(join(here, "test", "readme-"));
  try {
    const modules = programs().filter((code) => !code.includes("require("));
    assert.ok(modules.length >= 4);
    for (const [place, code] of modules.entries()) writeFileSync(join(folder, `program-${place}.mts`), code);
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ extends: "../tsconfig.json", include: ["."] }));
    const compiled = spawnSync("node", [join(here, "node_modules/typescript/bin/tsc"), "-p", folder], { encoding: "utf8" });
    assert.equal(compiled.stdout + compiled.stderr, "");
    assert.equal(compiled.status, 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** What a platform is called in Rust, and in Node. */
const platforms = {
  "x86_64-unknown-linux-gnu": "linux-x64-gnu",
  "aarch64-unknown-linux-gnu": "linux-arm64-gnu",
  "x86_64-apple-darwin": "darwin-x64",
  "aarch64-apple-darwin": "darwin-arm64",
  "x86_64-pc-windows-msvc": "win32-x64-msvc",
};

test("the packages of a release, one of the platform and one over them, install into an empty project", () =>
  inFolder((folder) => {
    const release = join(folder, "release");
    mkdirSync(release);
    // What CI has: the package without a binary, and the binaries of the platforms beside it. Here is one platform.
    for (const name of ["index.mjs", "index.d.mts", "dist", "native.js", "native.d.ts", "LICENSE-MIT", "LICENSE-APACHE", "README.md", "scripts"]) {
      cpSync(join(here, name), join(release, name), { recursive: true });
    }
    const [binary] = readdirSync(here).filter((name) => name.endsWith(".node"));
    const platform = binary.split(".")[1];
    const described = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));
    const napi = (...given) => execFileSync("node", [join(here, "node_modules/@napi-rs/cli/dist/cli.js"), ...given], { cwd: release, stdio: ["ignore", "ignore", "inherit"] });
    described.napi.targets = described.napi.targets.filter((triple) => platforms[triple] === platform);
    writeFileSync(join(release, "package.json"), JSON.stringify(described));

    const prepare = () => execFileSync("node", ["scripts/release.mjs"], { cwd: release, encoding: "utf8", stdio: "pipe" });
    assert.throws(prepare, ({ stderr }) => /napi create-npm-dirs/.test(stderr));
    mkdirSync(join(release, "artifacts"));
    cpSync(join(here, binary), join(release, "artifacts", binary));
    napi("create-npm-dirs");
    napi("artifacts");
    prepare();
    napi("prepublish", "-t", "npm", "--no-gh-release", "--skip-optional-publish");
    const { optionalDependencies, version } = JSON.parse(readFileSync(join(release, "package.json"), "utf8"));
    assert.deepEqual(optionalDependencies, { [`kentongan-${platform}`]: version });

    // The platform's as its folder: packing fifty megabytes takes long.
    const project = join(folder, "project");
    const run = install(project, pack(folder, release), join(release, "npm", platform));
    assert.deepEqual(readdirSync(join(project, "node_modules/kentongan")).filter((name) => name.endsWith(".node")), []);
    assert.equal(run("try.mjs", 'import { Policy } from "kentongan"; console.log(Policy.kreki().name);'), "kreki\n");
    assert.equal(run("try.cjs", 'const { Policy } = require("kentongan"); console.log(Policy.kreki().name);'), "kreki\n");
  }));
