import { type Filter, parse } from "scim2-parse-filter";
import { refusal, type ScimType } from "./scim-error.ts";

export type { Filter };

/** Longer, deeper or wider than any directory asks: what nobody sends cannot keep the database busy. */
const MOST_CHARACTERS = 1000;
const MOST_DEPTH = 8;
const MOST_COMPARISONS = 30;

/**
 * A filter as a tree (RFC 7644 3.4.2.2), within limits. The parser is recursive, reads escapes in its own way and is slow with
 * line breaks: texts are read here, and it sees their numbers. Throws what is wrong with it.
 */
export function parseFilter(text: string, scimType: ScimType = "invalidFilter"): Filter {
  if (text.length > MOST_CHARACTERS) {
    throw refusal(scimType, `A filter has at most ${MOST_CHARACTERS} characters.`);
  }
  const { plain, texts } = withoutTexts(text, scimType);
  if (depthOf(plain) > MOST_DEPTH) throw refusal(scimType, `A filter is nested at most ${MOST_DEPTH} deep.`);
  const filter = withTexts(parsed(plain, scimType), texts);
  if (comparisonsIn(filter) > MOST_COMPARISONS) {
    throw refusal(scimType, `A filter has at most ${MOST_COMPARISONS} comparisons.`);
  }
  return hasSubAttributeOfValuePath(plain) ? joined(filter) : filter;
}

function parsed(plain: string, scimType: ScimType): Filter {
  try {
    return parse(plain);
  } catch {
    throw refusal(scimType, "The filter cannot be read.");
  }
}

/** The filter with a number in place of each text, and the texts by their number. */
function withoutTexts(text: string, scimType: ScimType): { plain: string; texts: string[] } {
  const texts: string[] = [];
  const plain = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, (literal) => {
    texts.push(readText(literal, scimType));
    return `"${texts.length - 1}"`;
  });
  if (/[\p{Cc}\\]/u.test(plain))
    throw refusal(scimType, "A filter stands on one line, without control characters.");
  return { plain, texts };
}

function readText(literal: string, scimType: ScimType): string {
  let text = "\u0000";
  try {
    text = JSON.parse(literal);
  } catch {
    // Said below.
  }
  if (!text.includes("\u0000") && text.isWellFormed()) return text;
  throw refusal(scimType, "A text of the filter cannot be read.");
}

function withTexts(filter: Filter, texts: string[]): Filter {
  switch (filter.op) {
    case "and":
    case "or":
      return { ...filter, filters: filter.filters.map((one) => withTexts(one, texts)) };
    case "not":
      return { ...filter, filter: withTexts(filter.filter, texts) };
    case "[]":
      return { ...filter, valFilter: withTexts(filter.valFilter, texts) };
    default:
      if (!("compValue" in filter) || typeof filter.compValue !== "string") return filter;
      return { ...filter, compValue: texts[Number(filter.compValue)] ?? "" };
  }
}

/** How deep brackets and negations stand in each other. */
function depthOf(plain: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [sign] of plain.matchAll(/[([\])]|\bnot\b/gi)) {
    depth += sign === ")" || sign === "]" ? -1 : 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

function comparisonsIn(filter: Filter): number {
  if (filter.op === "and" || filter.op === "or")
    return filter.filters.reduce((sum, one) => sum + comparisonsIn(one), 0);
  if (filter.op === "not") return comparisonsIn(filter.filter);
  return filter.op === "[]" ? comparisonsIn(filter.valFilter) : 1;
}

/** `emails[type eq "work"].value eq "…"`, as Entra ID asks. */
function hasSubAttributeOfValuePath(plain: string): boolean {
  return /\]\.\w/.test(plain);
}

/** The parser makes two conditions of such a path; they are about one and the same value. */
function joined(filter: Filter): Filter {
  if (filter.op === "or") return { ...filter, filters: filter.filters.map(joined) };
  if (filter.op === "not") return { ...filter, filter: joined(filter.filter) };
  if (filter.op !== "and") return filter;
  const filters: Filter[] = [];
  for (const one of filter.filters.map(joined)) {
    const before = filters.at(-1);
    const together = before && ofOneValue(before, one);
    if (together) filters.splice(-1, 1, together);
    else filters.push(one);
  }
  const [only] = filters;
  return filters.length === 1 && only ? only : { ...filter, filters };
}

function ofOneValue(path: Filter, compare: Filter): Filter | undefined {
  if (path.op !== "[]" || !("attrPath" in compare) || compare.op === "[]") return undefined;
  if (!compare.attrPath.startsWith(`${path.attrPath}.`)) return undefined;
  const inner = { ...compare, attrPath: compare.attrPath.slice(path.attrPath.length + 1) };
  return { ...path, valFilter: { op: "and", filters: [path.valFilter, inner] } };
}
