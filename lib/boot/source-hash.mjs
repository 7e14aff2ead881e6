import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { repoDir } from "./paths.mjs";

/** One hash over the content of files and folders of the checkout; what is not there counts as not there. */
export function sourceHash(places) {
  const hash = createHash("sha256");
  for (const file of places.flatMap((place) => filesOf(join(repoDir, place)))) {
    hash.update(`${file.slice(repoDir.length)}\0`).update(readFileSync(file));
  }
  return hash.digest("hex");
}

function filesOf(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path).sort();
  return names.flatMap((name) => filesOf(join(path, name)));
}
