import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

let isUpdated = false;

/** Whether this machine lets us install Debian packages. */
export const canInstallPackages = () => process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");

/** Installs Debian packages where that is possible. @returns {boolean} whether they are there now */
export function installPackages(...names) {
  if (!canInstallPackages()) return false;
  const options = { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" }, stdio: "ignore" };
  if (!isUpdated) spawnSync("apt-get", ["update", "-qq"], options);
  isUpdated = true;
  return spawnSync("apt-get", ["install", "-y", "--no-install-recommends", ...names], options).status === 0;
}
