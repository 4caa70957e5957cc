// Run by `npm publish`, before the packages of the platforms are published. A package that is packed from a checkout carries
// the binary that was built there, so that it can be installed; the one that is published has them beside it.

import { existsSync, readFileSync, writeFileSync } from "node:fs";

const at = (name) => new URL(`../${name}`, import.meta.url);
if (!existsSync(at("npm"))) {
  console.error("npm/: missing; run `npx napi create-npm-dirs` and `npx napi artifacts` first, as README.md says");
  process.exit(1);
}
const described = JSON.parse(readFileSync(at("package.json"), "utf8"));
described.files = described.files.filter((name) => name !== "*.node");
writeFileSync(at("package.json"), `${JSON.stringify(described, null, 2)}\n`);
