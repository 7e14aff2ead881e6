import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { filesIn } from "./files.ts";
import { type DeclaredUseCase, declaredUseCases } from "./use-cases.ts";

/** A page, an endpoint or an action of the product, and the use cases that it comes to. */
export type AppRoute = {
  file: string;
  kind: "page" | "route" | "action";
  /** As in the address, with `[id]` where an id stands; for an action its name. */
  path: string;
  useCases: DeclaredUseCase[];
  /** What a page waits for first, by `load()`: without it the page does not show. */
  needs: DeclaredUseCase[];
};

const declared = new Map(declaredUseCases().map((useCase) => [`${useCase.module} ${useCase.name}`, useCase]));

/** Every page, endpoint and action, read from the folders of `app`: a new one is under the tests that use this. */
export function appRoutes(): AppRoute[] {
  return [...pages(), ...endpoints(), ...actions()];
}

export function pages(): AppRoute[] {
  return filesIn("app", /\/page\.tsx$/).map((file) => {
    const source = readFileSync(file, "utf8");
    const awaited = /\bload\(\s*(\w+)\(/.exec(source)?.[1] ?? "";
    return route(file, "page", source, findUseCases(file, awaited));
  });
}

/** Every page of the signed-in shell. */
export const signedInPages = (): AppRoute[] => pages().filter(({ file }) => file.includes("(portal)"));

function endpoints(): AppRoute[] {
  return filesIn("app", /\/route\.ts$/).map((file) => route(file, "route", readFileSync(file, "utf8")));
}

function actions(): AppRoute[] {
  return filesIn("app", /\/actions\.ts$/).flatMap((file) => {
    const source = readFileSync(file, "utf8");
    const names = [...source.matchAll(/^export async function (\w+)/gm)].map(([, name = ""]) => name);
    return names.map((path) => ({ ...route(file, "action", withLocal(source, path)), path }));
  });
}

function route(file: string, kind: AppRoute["kind"], text: string, needs: DeclaredUseCase[] = []): AppRoute {
  const path = dirname(file)
    .replace(/^app/, "")
    .replaceAll(/\/\([^)]+\)/g, "");
  return { file, kind, path: path || "/", useCases: findUseCases(file, text), needs };
}

/** The use cases that a text of this file names: its own imports, and what those of `app` and composed ones come to. */
function findUseCases(file: string, text: string, seen = new Set<string>()): DeclaredUseCase[] {
  if (seen.has(`${file} ${text.length}`)) return [];
  seen.add(`${file} ${text.length}`);
  const found = importsOf(file)
    .filter(({ local }) => new RegExp(`\\b${local}\\b`).test(text.replaceAll(/^import [^;]*;$/gm, "")))
    .flatMap(({ module, name }) => {
      const useCase = declared.get(`${module} ${name}`);
      if (useCase) return [useCase];
      if (module.startsWith("lib/web/") || module.endsWith("/actions.ts")) return [];
      return isFollowed(module) ? findUseCases(module, bodyFrom(module, name), seen) : [];
    });
  const own = [...declared.values()].filter(
    ({ module, name }) => module === file && new RegExp(`\\b${name}\\(`).test(text),
  );
  return [...new Set([...found, ...own])];
}

/** Parts of a page, and functions that put several use cases in their order. */
function isFollowed(module: string): boolean {
  return module.startsWith("app/") || (module.startsWith("lib/") && !module.startsWith("lib/core/"));
}

function bodyFrom(module: string, name: string): string {
  const source = readFileSync(module, "utf8");
  return module.startsWith("app/") ? source : functionIn(source, name);
}

type Import = { local: string; name: string; module: string };

function importsOf(file: string): Import[] {
  const source = readFileSync(file, "utf8");
  return [...source.matchAll(/^import (?!type )\{([^}]*)\} from "([^"]+)";/gm)].flatMap(
    ([, names = "", from = ""]) => {
      const module = moduleOf(file, from);
      if (!module) return [];
      return names
        .split(",")
        .map((one) => one.trim())
        .filter((one) => one !== "" && !one.startsWith("type "))
        .map((one) => {
          const [name = "", local = name] = one.split(" as ");
          return { local, name, module };
        });
    },
  );
}

function moduleOf(file: string, from: string): string | undefined {
  if (from.startsWith("#lib/") || from.startsWith("#app/")) return from.slice(1);
  return from.startsWith(".") ? join(dirname(file), from) : undefined;
}

/** A function with those of its own file that it calls. */
function withLocal(source: string, name: string, seen = new Set<string>()): string {
  if (seen.has(name)) return "";
  seen.add(name);
  const body = functionIn(source, name);
  const locals = [...source.matchAll(/^(?:export )?(?:async )?function (\w+)/gm)].map(
    ([, local = ""]) => local,
  );
  const called = locals.filter((local) => local !== name && new RegExp(`\\b${local}\\b`).test(body));
  return [body, ...called.map((local) => withLocal(source, local, seen))].join("\n");
}

function functionIn(source: string, name: string): string {
  const begin = source.search(new RegExp(`^(?:export )?(?:async )?(?:function|const) ${name}\\b`, "m"));
  if (begin < 0) return "";
  const end = source.slice(begin).search(/\n\}[;)]*\n|\n\}\);?\n/);
  return end < 0 ? source.slice(begin) : source.slice(begin, begin + end);
}
