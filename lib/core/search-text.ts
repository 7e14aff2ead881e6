import * as z from "zod";

/** As long as an address can be (RFC 5321, 4.5.3.1): nothing that people are found by is longer. */
const LONGEST = 254;

/** What is typed into a search, from an address bar: what is no text there is no search. Of a longer text its beginning is looked for. */
export const SearchText = z
  .string()
  .trim()
  .transform((text) => text.slice(0, LONGEST))
  .catch("");
