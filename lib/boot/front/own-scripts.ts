import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { type Body, bodyIn } from "./body-in.ts";

type Scripts = { version: string; files: Map<string, Body> };

let known: Scripts | undefined;

/** The scripts of the signed-out pages, which the launcher has put beside this program (`bundle.mjs`), each small enough to be kept. */
function ownScripts(): Scripts {
  known ??= readScripts(join(import.meta.dirname, "scripts"));
  return known;
}

/** Where a script of ours is. Another state of any of them is another address, so that each may be kept for ever. */
export function pathOfScript(name: "signed-out" | "password-judge"): string {
  return `/scripts/${ownScripts().version}/${name}.js`;
}

/** Answers the request for one of them. False where it is for something else. */
export function sendOwnScript(path: string, request: IncomingMessage, response: ServerResponse): boolean {
  const [, version, name = ""] = /^\/scripts\/([0-9a-f]{12})\/([a-z-]+\.js)$/.exec(path) ?? [];
  const { version: ours, files } = ownScripts();
  const file = version === ours ? files.get(name) : undefined;
  if (!file || !/^(?:GET|HEAD)$/.test(request.method ?? "")) return false;
  const { encoding, bytes } = bodyIn(file, request.headers["accept-encoding"]);
  if (encoding) response.setHeader("content-encoding", encoding);
  response.writeHead(200, {
    "content-type": "text/javascript; charset=utf-8",
    "content-length": bytes.length,
    "cache-control": "public, max-age=31536000, immutable",
    vary: "accept-encoding",
  });
  response.end(bytes);
  return true;
}

function readScripts(folder: string): Scripts {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".js")) : [];
  const files = new Map(names.sort().map((name) => [name, readBody(join(folder, name))]));
  const hash = createHash("sha256");
  for (const [name, { plain }] of files) hash.update(name).update(plain);
  return { version: hash.digest("hex").slice(0, 12), files };
}

const readBody = (path: string): Body => ({
  plain: readFileSync(path),
  gzip: readFileSync(`${path}.gz`),
  br: readFileSync(`${path}.br`),
});
