import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { Refusal } from "./output.mjs";
import { checkoutDataDir, repoDir } from "./paths.mjs";
import { sourceHash } from "./source-hash.mjs";

const ENTRIES = [
  "server",
  "hasher",
  "worker",
  "inbox",
  "migrate",
  "seed",
  "firm",
  "breach-list",
  "demo-providers",
];
const SCRIPTS = {
  "signed-out": "app/(auth)/enhance/signed-out.ts",
  "password-judge": "app/(auth)/password-judge.ts",
};
const SOURCES = [
  "app/(auth)",
  "components",
  "lib",
  "db",
  "emails",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
];
const KEPT = 3;

/** Bundles always lie in the checkout, whatever the data folder is: they import from its node_modules. */
const buildsDir = join(checkoutDataDir, "build");

/**
 * Bundles the TypeScript programs of lib/boot. Each state of the sources has a folder of its own, so a running
 * portal keeps the programs that it started with.
 *
 * @param {(note: string) => void} note
 * @returns {Promise<(name: string) => string>} path of a program by its name
 */
export async function bundlePrograms(note) {
  const hash = sourceHash(SOURCES).slice(0, 12);
  const dir = join(buildsDir, hash);
  if (existsSync(dir)) note("unchanged");
  else await bundleInto(dir);
  removeOldExcept(hash);
  return (name) => requireProgram(join(dir, `${name}.mjs`));
}

async function bundleInto(dir) {
  const { build } = await import("esbuild");
  const draft = `${dir}.${process.pid}`;
  const entries = ENTRIES.map((name) => `lib/boot/${name}.ts`).filter((path) =>
    existsSync(join(repoDir, path)),
  );
  await build({
    absWorkingDir: repoDir,
    entryPoints: entries,
    outdir: draft,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    packages: "external",
    plugins: [ownImports],
    format: "esm",
    platform: "node",
    target: "node24",
    jsx: "automatic",
    sourcemap: true,
    logLevel: "error",
  });
  await bundleScripts(join(draft, "scripts"));
  moveIntoPlace(draft, dir);
}

/** What signed-out pages run in the browser, with each file compressed beside it. */
async function bundleScripts(outdir) {
  const { build } = await import("esbuild");
  await build({
    absWorkingDir: repoDir,
    entryPoints: SCRIPTS,
    outdir,
    bundle: true,
    minify: true,
    legalComments: "none",
    plugins: [ownImports],
    format: "esm",
    platform: "browser",
    target: "es2022",
    logLevel: "error",
  });
  for (const name of Object.keys(SCRIPTS)) compress(join(outdir, `${name}.js`));
}

function compress(file) {
  const content = readFileSync(file);
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
  writeFileSync(`${file}.br`, brotliCompressSync(content));
}

// `#lib/...` looks like a package to esbuild and would stay outside, where Node cannot run its .tsx.
const ownImports = {
  name: "own-imports",
  setup(build) {
    build.onResolve({ filter: /^#(app|components|lib|db|emails|tests)\// }, ({ path }) => ({
      path: join(repoDir, path.slice(1)),
    }));
  },
};

function moveIntoPlace(draft, dir) {
  mkdirSync(draft, { recursive: true });
  try {
    renameSync(draft, dir);
  } catch (error) {
    if (!existsSync(dir)) throw error;
    // Another start bundled the same sources meanwhile.
    rmSync(draft, { recursive: true, force: true });
  }
}

function removeOldExcept(hash) {
  const age = (name) => statSync(join(buildsDir, name)).mtimeMs;
  const others = readdirSync(buildsDir).filter((name) => name !== hash);
  const oldest = others.sort((a, b) => age(b) - age(a)).slice(KEPT);
  for (const name of oldest) rmSync(join(buildsDir, name), { recursive: true, force: true });
}

function requireProgram(path) {
  if (existsSync(path)) return path;
  throw new Refusal(`${path} is missing: lib/boot has no such program.`);
}
