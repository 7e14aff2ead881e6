import { Card } from "#components/ui/card.tsx";
import { FormButton } from "#components/ui/form-button.tsx";
import type { getGroup } from "#lib/groups/get-group.ts";
import { PeopleInGroup } from "./people-in-group.tsx";

type Reading = Awaited<ReturnType<typeof getGroup>>;

/** Who is in the group, and the way to delete it, where nobody is. */
export function PeopleOfGroup({ reading: { group, people, changeable } }: { reading: Reading }) {
  const isEmpty = people.present + people.deleted === 0;
  return (
    <Card title="People">
      <div className="grid justify-items-start gap-4">
        {isEmpty ? <p>Nobody is in this group.</p> : <PeopleInGroup group={group} people={people} />}
        {changeable && isEmpty && (
          <FormButton action={`/settings/groups/${group.id}/delete`} tone="danger">
            Delete this group
          </FormButton>
        )}
        {changeable && !isEmpty && (
          <p className="text-ink-muted text-sm">
            A group can be deleted when nobody is in it. Deleted people count as long as they can be restored.
          </p>
        )}
      </div>
    </Card>
  );
}
