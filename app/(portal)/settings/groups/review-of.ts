import type { GroupReview } from "#components/groups/group-review.tsx";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import { takesAnything } from "#lib/groups/group-changes.ts";
import type { previewGroupChange } from "#lib/groups/preview-group-change.ts";
import { dayInWords } from "../factor-requirement.ts";

type Preview = Awaited<ReturnType<typeof previewGroupChange>>;

/** What is to be seen before a change is saved; undefined where it takes nothing from anybody and asks nothing of them. */
export function reviewOf(preview: Preview, timeZone: string): GroupReview | undefined {
  const { changes, affected, names, own, enrolling } = preview;
  if (enrolling.total === 0 && (affected === 0 || !takesAnything(changes))) return undefined;
  const { added, removed, narrowed, widened } = changes;
  return {
    enrolling: enrolling.total,
    enrollingFrom: enrolling.from && dayInWords(enrolling.from.toISOString(), timeZone),
    enrollingNames: enrolling.names.map((name) => [...name].slice(0, 60).join("")),
    affected,
    names,
    own,
    removed: [...removed.map(sentenceOf), ...(narrowed ? [ALL_CLIENTS] : [])],
    added: [...added.map(sentenceOf), ...(widened ? [ALL_CLIENTS] : [])],
  };
}

const ALL_CLIENTS = "See all clients, and not only those assigned to them";

function sentenceOf(permission: string): string {
  return PERMISSIONS[permission as Permission] ?? permission;
}
