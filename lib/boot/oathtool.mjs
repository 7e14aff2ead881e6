import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { installPackages } from "./debian.mjs";

/** An authenticator app that nobody here has written: in tests it makes the codes. @returns {string | undefined} */
export function findOathtool() {
  const dirs = (process.env.PATH ?? "").split(delimiter);
  return dirs.map((dir) => join(dir, "oathtool")).find((path) => existsSync(path));
}

export function ensureOathtool() {
  return findOathtool() ?? (installPackages("oathtool") ? findOathtool() : undefined);
}
