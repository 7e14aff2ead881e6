import { sayCounted } from "#components/ui/say-counted.ts";
import type { getGroup } from "#lib/groups/get-group.ts";

type PeopleInGroupProps = Pick<Awaited<ReturnType<typeof getGroup>>, "group" | "people">;

/** How many people are in a group, with the way to the list of them. */
export function PeopleInGroup({ group, people: { present, deleted } }: PeopleInGroupProps) {
  const list = group.preset === "contact" ? "/contacts?" : `/members?group=${group.id}&`;
  return (
    <ul className="grid gap-1">
      {present > 0 && (
        <li>
          <a href={list.slice(0, -1)}>{present === 1 ? "1 person" : `${sayCounted(present)} people`}</a>
        </li>
      )}
      {deleted > 0 && (
        <li>
          <a href={`${list}state=deleted`}>
            {deleted === 1 ? "1 deleted person" : `${sayCounted(deleted)} deleted people`}
          </a>
        </li>
      )}
    </ul>
  );
}
