import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { markdownTable } from "./markdown-table.mjs";
import { say } from "./output.mjs";
import { repoDir } from "./paths.mjs";
import { endToEnd, reportsDir, runParts, vitest } from "./test.mjs";

const figuresFile = join(reportsDir, "figures.jsonl");

/**
 * Runs the full-size form of every proof, or of those with these ids, and prints their figures (DEC23).
 *
 * @param {string[]} ids
 * @returns {Promise<number>} exit code
 */
export async function prove(ids) {
  const proofs = findProofs();
  const known = [...new Set(proofs.map(({ id }) => id))].sort();
  if (ids.some((id) => !known.includes(id))) {
    say(`npm run prove -- ${known.join(" | ")}; without a word it runs them all.`);
    return 2;
  }
  const chosen = proofs.filter(({ id }) => ids.length === 0 || ids.includes(id));
  rmSync(figuresFile, { force: true });
  const counts = await runParts(partsFor(chosen));
  report(counts);
  return counts.failed === 0 && counts.passed > 0 ? 0 : 1;
}

/** A proof is a test with `@prove-<id>` in its name or tags. @returns {{ id: string, file: string }[]} */
function findProofs() {
  const files = readdirSync(join(repoDir, "tests"), { recursive: true, encoding: "utf8" })
    .filter((path) => /\.(?:test|spec)\.tsx?$/.test(path))
    .map((path) => `tests/${path}`);
  return files.flatMap((file) => {
    const text = readFileSync(join(repoDir, file), "utf8");
    return [...text.matchAll(/@prove-([\w-]+)/g)].map(([, id]) => ({ id, file }));
  });
}

// Each runner gets only the files that hold a proof, and does not run where there are none: a build takes minutes.
function partsFor(proofs) {
  const named = new RegExp(`@prove-(?:${proofs.map(({ id }) => id).join("|")})(?![\\w-])`);
  const options = { named, env: { PORTAL_PROOF_FIGURES: figuresFile } };
  const files = [...new Set(proofs.map(({ file }) => file))];
  const stories = files.filter((file) => file.endsWith(".spec.ts"));
  const others = files.filter((file) => !stories.includes(file));
  return [
    ...(others.length > 0 ? [() => vitest(others, options)] : []),
    ...(stories.length > 0 ? [() => endToEnd(stories, options)] : []),
  ];
}

function report(counts) {
  const file = join(reportsDir, "proofs.json");
  const lines = existsSync(figuresFile) ? readFileSync(figuresFile, "utf8").trim().split("\n") : [];
  const figures = lines.map((line) => JSON.parse(line));
  writeFileSync(file, `${JSON.stringify({ ...counts, figures }, null, 2)}\n`);
  const rows = figures.map(({ id, what, figure }) => [id, what, figure.toLocaleString("en-US")]);
  if (rows.length > 0) say(`\n${markdownTable(["proof", "what", "figure"], rows)}`);
  say(`\nFigures: ${file}`);
}
