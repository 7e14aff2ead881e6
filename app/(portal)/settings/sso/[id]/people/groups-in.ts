/** The groups that were typed, one on each line: the name of one may hold a comma. */
export function groupsIn(typed: string): string[] {
  return typed
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
