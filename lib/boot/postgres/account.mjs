import { chownSync, existsSync, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";

const OTHERS_MAY_ENTER = 0o001;

/** @typedef {{ name: string, uid: number, gid: number }} Account */

/**
 * PostgreSQL refuses to run as root, so root lends it an account that is already there; nobody edits /etc/passwd.
 *
 * @returns {Account | undefined} undefined: run as whoever we are
 */
export function serverAccount() {
  if (process.getuid?.() !== 0) return undefined;
  const lines = readFileSync("/etc/passwd", "utf8").split("\n");
  const accounts = lines.map((line) => line.split(":"));
  const found = ["postgres", "nobody"]
    .map((name) => accounts.find((fields) => fields[0] === name))
    .find(Boolean);
  if (!found) return undefined;
  return { name: found[0], uid: Number(found[2]), gid: Number(found[3]) };
}

/** Whether the account can walk down to `path` (a part that does not exist yet will be made for it). */
export function canReach(path, account) {
  if (!account) return true;
  for (let dir = dirname(path); ; dir = dirname(dir)) {
    if (existsSync(dir) && !mayEnter(dir, account)) return false;
    if (dir === dirname(dir)) return true;
  }
}

function mayEnter(dir, account) {
  const { mode, uid } = statSync(dir);
  return uid === account.uid || (mode & OTHERS_MAY_ENTER) !== 0;
}

export function giveTo(account, path) {
  if (account) chownSync(path, account.uid, account.gid);
}

/** Options for spawn: under the account, where there is one. */
export const asAccount = (account) => (account ? { uid: account.uid, gid: account.gid } : {});

const PASSED_ON = /^(PATH|TZ|TMPDIR|LD_PRELOAD|LD_LIBRARY_PATH|FAKETIME.*|SystemRoot)$/;

/**
 * What the server sees of our environment: no secret, but the fake clock, so that a moved clock moves the database too.
 * Another account cannot open the clock's shared memory that this process made, and makes its own.
 */
export function serverEnvironment(account) {
  const isPassedOn = (name) => PASSED_ON.test(name) && !(account && name === "FAKETIME_SHARED");
  const passed = Object.entries(process.env).filter(([name]) => isPassedOn(name));
  return { ...Object.fromEntries(passed), LC_ALL: "C" };
}
