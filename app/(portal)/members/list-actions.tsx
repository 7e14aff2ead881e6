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

/** How people come into a list, for whoever may bring them. */
export function ListActions({ ctx, kind, filters }: ListActionsProps) {
  const { path, create, bring, add } = KINDS[kind];
  if (filters.state === "deleted") return null;
  return (
    <>
      <a href={`/members/invitations?kind=${kind}`} className={buttonClass({ tone: "plain" })}>
        Invitations
      </a>
      {hasPermission(ctx, bring) && (
        <a href={`/members/import?kind=${kind}`} className={buttonClass({ tone: "plain" })}>
          Import
        </a>
      )}
      {hasPermission(ctx, create) && (
        <a href={`${path}/new`} className={buttonClass({ tone: "primary" })}>
          {add}
        </a>
      )}
    </>
  );
}

/** What can be done with a list as it is narrowed down now, and where those are who are in it no more. */
export function ListFoot({ ctx, kind, filters }: ListActionsProps) {
  const { path, remove } = KINDS[kind];
  const search = new URLSearchParams(wishOf(filters)).toString();
  const deleted = filters.state === "deleted";
  return (
    <p className="flex flex-wrap gap-x-5 gap-y-2 text-sm">
      {hasPermission(ctx, "people:export") && (
        <>
          <a href={`${path}/csv?${search}`}>Download CSV</a>
          <a href={`${path}/csv?${search}${search && "&"}bom=1`}>CSV for Excel</a>
        </>
      )}
      {hasPermission(ctx, remove) && (
        <a href={deleted ? path : `${path}?state=deleted`}>{deleted ? "Back to the list" : "Deleted"}</a>
      )}
    </p>
  );
}
