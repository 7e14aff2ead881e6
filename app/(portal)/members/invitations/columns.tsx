import { RowAction } from "#components/reports/row-action.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Moment } from "#components/ui/moment.tsx";
import type { TableColumn } from "#components/ui/table.tsx";
import type { Invitation, ListedInvitations } from "#lib/members/invitations/list-invitations.ts";
import { extendInvitationAction, resendInvitationAction, revokeInvitationAction } from "./actions.ts";
import { STATES, WHY } from "./words.ts";

type Reader = Pick<ListedInvitations, "mayAct" | "maySend">;

export function invitationColumns(reader: Reader): TableColumn<Invitation>[] {
  return [
    {
      key: "name",
      header: "Name",
      rowHeader: true,
      cell: (invitation) => <Person invitation={invitation} />,
    },
    { key: "state", header: "Invitation", cell: (invitation) => <State invitation={invitation} /> },
    { key: "invited", header: "Invited", cell: ({ invitedAt }) => <Moment at={invitedAt} /> },
    {
      key: "expires",
      header: "Good until",
      cell: ({ expiresAt, revocable }) => (revocable && expiresAt ? <Moment at={expiresAt} /> : "-"),
    },
    ...(reader.mayAct || reader.maySend ? [actionsFor(reader)] : []),
  ];
}

function Person({ invitation: { id, name, address, username } }: { invitation: Invitation }) {
  return (
    <>
      <a id={`name-${id}`} href={`/members/${id}/profile`}>
        {name}
      </a>
      <span className="grid font-normal text-ink-muted text-sm wrap-anywhere">
        {username && <span>{username}</span>}
        <span>{address ?? "No address"}</span>
      </span>
    </>
  );
}

function State({ invitation }: { invitation: Invitation }) {
  const { label, tone } = STATES[invitation.state];
  return (
    <span className="grid justify-items-start gap-1">
      <Badge tone={tone}>{label}</Badge>
      <span className="field-hint">
        <Details invitation={invitation} />
      </span>
    </span>
  );
}

/** What is known beyond the state. Robots that read mail open links too, so "opened" says no more than it knows. */
function Details({ invitation: { state, why, mail, openedAt, acceptedAt } }: { invitation: Invitation }) {
  if (why) return WHY[why];
  if (mail?.state === "bounced" || state === "queued") return mail?.sentence;
  if (acceptedAt) return <Moment at={acceptedAt} />;
  if (!openedAt) return state === "pending" ? "Mailed, and not opened yet." : "It was never opened.";
  return (
    <>
      Its page was opened, by a person or a mail robot: <Moment at={openedAt} />
    </>
  );
}

function actionsFor({ mayAct, maySend }: Reader): TableColumn<Invitation> {
  return {
    ...{ key: "actions", header: "Actions", actions: true, align: "end" },
    cell: ({ id, extendable, revocable, resendable }) => {
      const row = { memberId: id, describedBy: `name-${id}` };
      return (
        <span className="flex flex-wrap justify-end gap-2">
          {mayAct && extendable && (
            <RowAction {...row} action={extendInvitationAction}>
              Extend
            </RowAction>
          )}
          {maySend && resendable && (
            <RowAction {...row} action={resendInvitationAction}>
              Resend
            </RowAction>
          )}
          {mayAct && revocable && (
            <RowAction {...row} action={revokeInvitationAction}>
              Revoke
            </RowAction>
          )}
        </span>
      );
    },
  };
}
