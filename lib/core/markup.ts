/** Text that stays text between tags and in quoted attributes, of HTML and of XML. */
export function markupText(raw: string): string {
  return raw.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
