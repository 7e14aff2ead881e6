/** A name as one line that is safe in a subject: no line breaks, no control or direction characters, not endless. */
export function plainLine(text: string, maxLength = 80) {
  const line = text
    .replace(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu, " ")
    .replace(/\s+/gu, " ")
    .trim();
  const characters = [...line];
  return characters.length > maxLength ? `${characters.slice(0, maxLength - 1).join("")}…` : line;
}

/** Mail programs make links of what looks like an address; an invisible joiner keeps a name a name. */
export function inertName(text: string) {
  return plainLine(text).replace(/(?<=\S)[.:@/](?=\S)/gu, "$&\u2060");
}
