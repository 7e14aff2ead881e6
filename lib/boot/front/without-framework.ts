import { createHash } from "node:crypto";

export type PlainDocument = {
  html: string;
  /** What lets in the document's own styles and nothing else, for its `style-src`. */
  styleSources: string[];
};

type Facts = {
  /** The nonce that Next was given for this answer: what bears it is the server's own, and nothing that somebody typed. */
  nonce: string;
  /** The path of the one script that takes the place of the framework's. */
  script: string;
};

/**
 * The document that Next has made, without React, Next's router, and their data (PERF6, PERF7): forms and links need none of
 * them. Nothing is left in it that differs from one answer to the next.
 * @throws Error where the document is not as it is known, so that it would be broken without the framework
 */
export function withoutFramework(document: string, { nonce, script }: Facts): PlainDocument {
  const mark = ` nonce="${nonce}"`;
  const scripts = document.match(SCRIPT) ?? [];
  if (!scripts.some((tag) => tag.includes(mark))) throw new Error("The document has no script of Next's.");
  const rest = document.replace(SCRIPT, "").replace(SCRIPT_LINK, "");
  const styles = [...rest.matchAll(/<style([^>]*)>([^<]*)<\/style>/g)].filter(([, attributes = ""]) =>
    attributes.includes(mark),
  );
  const html = insertScript(rest.replaceAll(mark, "").replace(MARKERS, ""), script);
  const leftover = LEFTOVERS.find(([, pattern]) => pattern.test(html));
  if (leftover) throw new Error(`The document has ${leftover[0]}.`);
  if (html.includes(nonce)) throw new Error("The document has its nonce somewhere else.");
  return { html, styleSources: styles.map(([, , css = ""]) => sourceOf(css)) };
}

const SCRIPT = /<script\b[^>]*>[\s\S]*?<\/script>/gi;

/** React puts each attribute into double quotes, and escapes those of its value. */
const SCRIPT_LINK = /<link\b(?=[^>]*\s(?:as="script"|rel="modulepreload"))(?:[^>"]|"[^"]*")*>/gi;

/** By these React would find again what it has drawn. */
const MARKERS = /<!--(?: |\/?\$)-->/g;

/** What only the framework's scripts would bring into its place. */
const LEFTOVERS: [what: string, pattern: RegExp][] = [
  ["content that comes late", /<template\b|<!--\$[?!~]|\sid="[SBP]:/],
  ["a script of somebody else's", /<script\b(?! type="module" src="\/scripts\/)/i],
  ["several scripts", /<script\b[\s\S]*<script\b/i],
  ["a shell that is filled by a script", /<html[^>]*\sid="__next_error__"/],
];

function insertScript(html: string, script: string): string {
  const [head = "", ...body] = html.split("</head>");
  if (body.length !== 1) throw new Error("The document has no head, or several.");
  return `${head}<script type="module" src="${script}"></script></head>${body[0]}`;
}

function sourceOf(css: string): string {
  return `'sha256-${createHash("sha256").update(css).digest("base64")}'`;
}
