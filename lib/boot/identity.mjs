import { readFileSync } from "node:fs";

/** Names a process so that a later one under the same pid is not mistaken for it: "pid:start". */
export function processIdentity(pid = process.pid) {
  return `${pid}:${startOf(pid)}`;
}

export function isAlive(identity) {
  const [pid, start] = identity.trim().split(":");
  return isRunning(Number(pid)) && (!start || startOf(Number(pid)) === start);
}

export function isRunning(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
  return !isZombie(pid);
}

// Fields of /proc/<pid>/stat after the command, which may itself hold spaces and brackets.
function statOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return [];
  }
}

const startOf = (pid) => statOf(pid)[19] ?? "";
const isZombie = (pid) => statOf(pid)[0] === "Z";
