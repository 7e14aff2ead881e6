import { inflateRawSync } from "node:zlib";
import { DOMParser } from "@xmldom/xmldom";
import { refuse } from "./refusal.ts";

/** A document that one parser has read, with the very text that it read. */
export type Xml = { text: string; root: Element };

/** More than any provider's answer has. */
const MAX_BYTES = 256 * 1024;

const MAX_DEPTH = 40;

/** What a parser's work grows with. Five times the groups that we take of anybody fit, and metadata with every extension. */
const MAX_ELEMENTS = 5000;

/** In one element. The parser compares each attribute with those before it. */
const MAX_ATTRIBUTES = 100;

/** What comes in a form of another site: base64, and UTF-8 within (SEC74). */
export function readPosted(base64: string): Xml {
  return readXml(utf8(fromBase64(base64)));
}

/** What comes in the address: base64 of what is deflated. A bomb is stopped while it unfolds. */
export function readRedirected(base64: string): Xml {
  return readXml(utf8(inflate(fromBase64(base64))));
}

/**
 * Reads a document, after its text has been looked at: what SAML has no use for, and parsers have stumbled over, does not
 * get near one (SEC74, INC18). With no `<!` in it there is no document type, entity, comment or CDATA: the text of an element
 * is then one text, whoever reads it.
 */
export function readXml(received: string): Xml {
  // The parser of XML does so (XML 1.0, 2.11), and xml-crypto leaves it to whoever calls it.
  const text = received.replace(/\r\n?/g, "\n");
  if (text.length > MAX_BYTES) refuse("too_large");
  refuseMarkup(text);
  refuseReferences(text);
  const elements = countElements(text);
  const root = parse(text);
  // Whoever counted and whoever parsed must have seen the same document.
  if (root.getElementsByTagName("*").length + 1 !== elements) refuse("malformed");
  return { text, root };
}

function fromBase64(base64: string): Buffer {
  if (base64.length > 2 * MAX_BYTES) refuse("too_large");
  const packed = base64.replace(/\s+/g, "");
  if (packed === "" || !/^[A-Za-z0-9+/]+={0,2}$/.test(packed)) refuse("not_base64");
  const bytes = Buffer.from(packed, "base64");
  if (bytes.length > MAX_BYTES) refuse("too_large");
  return bytes;
}

function inflate(bytes: Buffer): Buffer {
  try {
    return inflateRawSync(bytes, { maxOutputLength: MAX_BYTES });
  } catch (error) {
    const isBomb = error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
    return refuse(isBomb ? "too_large" : "not_deflated");
  }
}

function utf8(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return refuse("not_utf8");
  }
}

const DECLARATION =
  /^<\?xml\s+version=(?:"1\.0"|'1\.0')(?:\s+encoding=(?:"utf-8"|'utf-8'))?(?:\s+standalone=(?:"(?:yes|no)"|'(?:yes|no)'))?\s*\?>/i;

function refuseMarkup(text: string): void {
  if (/<!DOCTYPE/i.test(text)) refuse("doctype");
  if (text.includes("<!--")) refuse("comment");
  if (text.includes("<![CDATA[")) refuse("cdata");
  if (text.includes("<!")) refuse("doctype");
  if (/^<\?xml[^>]*encoding=["'](?!utf-8["'])/i.test(text)) refuse("not_utf8");
  if (text.replace(DECLARATION, "").includes("<?")) refuse("processing_instruction");
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML has no place for.
const NO_CHARACTER = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/u;

function refuseReferences(text: string): void {
  if (NO_CHARACTER.test(text)) refuse("control_character");
  if (/&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-f]{1,6});)/i.test(text)) refuse("entity");
  for (const [, decimal, hexadecimal] of text.matchAll(/&#(?:([0-9]+)|x([0-9a-f]+));/gi)) {
    const point = decimal === undefined ? Number.parseInt(hexadecimal ?? "", 16) : Number(decimal);
    if (point > 0x10ffff || NO_CHARACTER.test(String.fromCodePoint(point))) refuse("control_character");
  }
}

/**
 * A tag, from `<` to its own `>`: in a quoted value others may stand. No match ever runs past the next `<`, and a name ends at
 * one place alone: where it could end anywhere, a long one that is never closed would be read anew from each of its letters.
 */
const TAG = /<(\/?)[^\s<>"'/=!?]+(?=[\s/>])(?:[^<>"']|"[^<"]*"|'[^<']*')*>/y;

/** Counts elements without a parser, and refuses depth and a second root before there is one (SEC74). */
function countElements(text: string): number {
  let depth = 0;
  let elements = 0;
  for (const tag of tagsOf(text.replace(DECLARATION, ""))) {
    if (depth === 0) requireOneRoot(tag, elements);
    if (tag.opens) elements += 1;
    depth += tag.step;
    requireModest(elements, depth);
  }
  if (depth !== 0 || elements === 0) refuse("malformed");
  return elements;
}

function requireModest(elements: number, depth: number): void {
  if (elements > MAX_ELEMENTS) refuse("too_many");
  if (depth > MAX_DEPTH) refuse("too_deep");
}

/** What stands outside the root: spaces at most. */
function requireOneRoot({ before, opens, step }: Tag, elements: number): void {
  if (before.trim() !== "" || step < 0) refuse("malformed");
  if (opens && elements > 0) refuse("several_roots");
}

type Tag = { before: string; opens: boolean; step: number };

/** Each tag with the text before it, and at last the text after them all. */
function* tagsOf(body: string): Generator<Tag> {
  let at = 0;
  for (let next = body.indexOf("<"); next >= 0; next = body.indexOf("<", at)) {
    TAG.lastIndex = next;
    const [tag, slash] = TAG.exec(body) ?? refuse("malformed");
    const opens = slash === "";
    if (valuesIn(tag ?? "") > MAX_ATTRIBUTES) refuse("too_many");
    yield { before: body.slice(at, next), opens, step: stepOf(tag ?? "", opens) };
    at = next + (tag ?? "").length;
  }
  yield { before: body.slice(at), opens: false, step: 0 };
}

function valuesIn(tag: string): number {
  return tag.match(/"[^"]*"|'[^']*'/g)?.length ?? 0;
}

function stepOf(tag: string, opens: boolean): number {
  if (!opens) return -1;
  return tag.endsWith("/>") ? 0 : 1;
}

function parse(text: string): Element {
  const fail = () => refuse("malformed");
  // It goes on after what it calls a warning, with a document of its own.
  const errorHandler = { warning: fail, error: fail, fatalError: fail };
  try {
    const document = new DOMParser({ errorHandler }).parseFromString(text, "text/xml");
    return document.documentElement ?? fail();
  } catch {
    return fail();
  }
}
