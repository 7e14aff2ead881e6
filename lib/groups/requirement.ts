import type { Group } from "./held.ts";

/**
 * From when a group's members need a second factor, once this is saved. What is required already goes on since then; left
 * out, all stays as it is.
 */
export function requiredFrom(
  wanted: string | null | undefined,
  { secondFactorFrom: stood }: Pick<Group, "secondFactorFrom">,
  now: Date,
): Date | null {
  if (wanted === undefined) return stood;
  if (wanted === null) return null;
  if (wanted !== "") return new Date(wanted);
  return stood && stood <= now ? stood : now;
}
