import { Facts } from "#components/members/facts.tsx";
import type { ImportView } from "#lib/imports/get-import.ts";

/** How many lines came to what, or would. */
export function Counts({ found, would }: { found: ImportView; would: boolean }) {
  const { added, changed, unchanged, refused } = found;
  const words = would
    ? ["Would be added", "Would be changed", "Stay as they are", "Would be refused"]
    : ["Added", "Changed", "Stayed as they were", "Refused"];
  const facts = [added, changed, unchanged, refused].map((count, index) => ({
    label: words[index] ?? "",
    value: count.toLocaleString("en"),
  }));
  return <Facts facts={facts} />;
}
