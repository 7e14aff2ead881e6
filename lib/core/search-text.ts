import * as z from "zod";

/** Where the terms that people and clients are found by are cut. */
const LONGEST = 254;

/**
 * What is typed into a search, from an address bar: what is no text there is no search. Of a longer text its beginning is
 * looked for, and no NUL of it, which PostgreSQL has in no text.
 */
export const SearchText = z
  .string()
  .transform((text) => text.replaceAll("\0", "").trim().slice(0, LONGEST))
  .catch("");
