import { buttonClass } from "#components/ui/button-class.ts";
import { hasPermission } from "#lib/core/access.ts";
import type { Context } from "#lib/core/context.ts";
import type { PeopleFilters } from "#lib/members/page-of-members.ts";
import { wishOf } from "./people-wish.ts";

type ListActionsProps = { ctx: Context; kind: "staff" | "contact"; filters: PeopleFilters };

const KINDS = {
  staff: {
    path: "/members",
    create: "members:manage",
    remove: "members:delete",
    bring: "members:manage",
    add: "Add member",
  },
  contact: {
    path: "/contacts",
    create: "clients:manage",
    remove: "clients:delete",
    bring: "contacts:import",
    add: "Add contact",
  },
} as const;

/** What can be done with a list of people as a whole, for whoever may. */
export function ListActions({ ctx, kind, filters }: ListActionsProps) {
  const { path, create, remove, bring, add } = KINDS[kind];
  const search = new URLSearchParams(wishOf(filters)).toString();
  const deleted = filters.state === "deleted";
  return (
    <>
      {hasPermission(ctx, remove) && (
        <a href={deleted ? path : `${path}?state=deleted`} className={buttonClass({ tone: "plain" })}>
          {deleted ? "Back to the list" : "Deleted"}
        </a>
      )}
      {hasPermission(ctx, "people:export") && (
        <>
          <a href={`${path}/csv?${search}`} className={buttonClass({ tone: "plain" })}>
            Download CSV
          </a>
          <a href={`${path}/csv?${search}${search && "&"}bom=1`} className={buttonClass({ tone: "plain" })}>
            CSV for Excel
          </a>
        </>
      )}
      {!deleted && (
        <a href={`/members/invitations?kind=${kind}`} className={buttonClass({ tone: "plain" })}>
          Invitations
        </a>
      )}
      {hasPermission(ctx, bring) && !deleted && (
        <a href={`/members/import?kind=${kind}`} className={buttonClass({ tone: "plain" })}>
          Import
        </a>
      )}
      {hasPermission(ctx, create) && !deleted && (
        <a href={`${path}/new`} className={buttonClass({ tone: "primary" })}>
          {add}
        </a>
      )}
    </>
  );
}
