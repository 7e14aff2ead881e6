import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const IS_CHUNK = /^module\.exports=\[/;
const MAP_COMMENT = /\n\/\/# sourceMappingURL=\S*\s*$/;

/**
 * Of chunks of the same code one is kept and the others hand it over. Turbopack writes a chunk anew for each set of pages
 * that loads it, which would all be in memory, each compiled by itself (PERF12).
 *
 * @param {string} dir where a build has the chunks of its server
 * @returns {number} bytes that are no longer there twice
 */
export function shareChunks(dir) {
  /** @type {Map<string, string>} */
  const kept = new Map();
  let saved = 0;
  const names = readdirSync(dir, { recursive: true, encoding: "utf8" });
  for (const path of names.toSorted().map((name) => join(dir, name))) {
    if (!path.endsWith(".js")) continue;
    const code = readFileSync(path, "utf8").replace(MAP_COMMENT, "");
    if (!IS_CHUNK.test(code)) continue;
    const first = kept.get(code);
    if (first === undefined) {
      kept.set(code, path);
      continue;
    }
    saved += code.length;
    writeFileSync(
      path,
      `module.exports=require(${JSON.stringify(`./${relative(dirname(path), first)}`)});\n`,
    );
  }
  return saved;
}
