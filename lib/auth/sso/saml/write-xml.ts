/** Text that stays text between tags and in quoted attributes. */
export function xmlText(raw: string): string {
  return raw.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
