import { buttonClass } from "#components/ui/button-class.ts";
import { Card } from "#components/ui/card.tsx";
import type { MemberProfile } from "#lib/members/get-member-profile.ts";

type RecordEndProps = { profile: Pick<MemberProfile, "id" | "kind" | "mayDelete" | "mayExport"> };

/** What is kept about a person, and the way to delete the account. */
export function RecordEnd({ profile: { id, kind, mayDelete, mayExport } }: RecordEndProps) {
  if (!mayDelete && !mayExport) return null;
  return (
    <Card
      title="Personal data"
      description="The file holds everything that is kept about this person, and nothing that opens an account. That it was taken is recorded."
    >
      <div className="flex flex-wrap gap-3">
        {mayExport && (
          <a href={`/members/${id}/data`} className={buttonClass({})}>
            Download the data
          </a>
        )}
        {mayDelete && (
          <a href={`/members/${id}/delete`} className={buttonClass({})}>
            {kind === "staff" ? "Delete this member…" : "Delete this contact…"}
          </a>
        )}
      </div>
    </Card>
  );
}
