/** Where something came from, as much of it as tells two places apart and names no household. */
export function shortSource(source: string): string {
  if (source.includes(":")) return `${source.split(":").slice(0, 2).join(":")}:…`;
  const parts = source.split(".");
  return parts.length === 4 ? `${parts[0]}.${parts[1]}.…` : "another place";
}
