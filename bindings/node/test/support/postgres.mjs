// Debian's PostgreSQL, started for one test where it is installed.

import { execFileSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const versions = existsSync("/usr/lib/postgresql") ? readdirSync("/usr/lib/postgresql") : [];
const binaries = versions.map((version) => `/usr/lib/postgresql/${version}/bin`).find((path) => existsSync(`${path}/initdb`));

/** Why there is none, or nothing. */
export const missing = binaries === undefined ? "PostgreSQL is not installed (apt-get install postgresql)" : false;

/** A server of our own; gives how to reach it and how to stop it. */
export function startPostgres() {
  const folder = mkdtempSync(join(tmpdir(), "kentongan-pg-"));
  // It refuses to run as root.
  const root = process.getuid?.() === 0;
  if (root) {
    const id = (flag) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
    chownSync(folder, id("-u"), id("-g"));
  }
  const run = (program, ...given) => {
    const [command, ...rest] = root ? ["runuser", "-u", "postgres", "--", `${binaries}/${program}`, ...given] : [`${binaries}/${program}`, ...given];
    execFileSync(command, rest, { stdio: "ignore", cwd: folder });
  };
  run("initdb", "-D", `${folder}/data`, "-A", "trust", "-U", "postgres");
  run("pg_ctl", "-D", `${folder}/data`, "-o", `-c listen_addresses='' -k ${folder}`, "-l", `${folder}/log`, "-w", "start");
  return {
    connection: { host: folder, user: "postgres", database: "postgres" },
    stop() {
      run("pg_ctl", "-D", `${folder}/data`, "-m", "immediate", "stop");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
