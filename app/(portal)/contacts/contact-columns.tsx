import { AccessBadge } from "#components/members/access-badge.tsx";
import { Address } from "#components/members/address.tsx";
import { EnrolmentWord } from "#components/members/enrolment.tsx";
import { MailState } from "#components/members/mail-state.tsx";
import { Moment } from "#components/ui/moment.tsx";
import type { TableColumn } from "#components/ui/table.tsx";
import type { DescribedContact } from "#lib/members/list-contacts.ts";
import { sayDelivery } from "#lib/outbox/delivery-state.ts";
import { ACCESS_STATES } from "#lib/policy/access-state.ts";
import { ENROLMENT_STATES } from "#lib/policy/enrolment.ts";

type Column = TableColumn<DescribedContact>;

/**
 * What tells one contact from another of the same name (D5), and how each one's access stands. Where all of them are one
 * client's, only their other clients are named.
 */
export function contactColumns(clientId?: string): Column[] {
  const name: Column = {
    key: "name",
    header: "Name",
    rowHeader: true,
    cell: (contact) => <Name contact={contact} clientId={clientId} />,
  };
  return [name, EMAIL, ...(clientId === undefined ? [CLIENTS] : []), ...ACCESS];
}

const EMAIL: Column = {
  key: "email",
  header: "E-mail",
  cell: ({ address }) => <Address address={address} />,
};

const CLIENTS: Column = {
  key: "clients",
  header: "Clients",
  cell: (contact) => <Clients contact={contact} />,
};

const ACCESS: Column[] = [
  {
    key: "access",
    header: "Access",
    cell: ({ access }) => access && <AccessBadge state={access.state} words={ACCESS_STATES[access.state]} />,
  },
  {
    key: "factor",
    header: "Second factor",
    cell: ({ enrolment: { state } }) => <EnrolmentWord state={state} words={ENROLMENT_STATES[state]} />,
  },
  {
    key: "seen",
    header: "Last login",
    cell: ({ lastSignInAt }) => (lastSignInAt ? <Moment at={lastSignInAt} /> : "Never"),
  },
  {
    key: "mail",
    header: "Last mail",
    cell: ({ mail }) => (mail ? <MailState state={mail.state} sentence={sayDelivery(mail)} /> : "None"),
  },
];

function Name({ contact, clientId }: { contact: DescribedContact; clientId: string | undefined }) {
  const { id, name, username, clients, deletedAt } = contact;
  const others = clientId === undefined ? [] : clients.filter((client) => client.id !== clientId);
  return (
    <>
      <a id={`name-${id}`} href={`/members/${id}/${deletedAt ? "deleted" : "profile"}`}>
        {name}
      </a>
      {username && <span className="block font-normal text-ink-muted">{username}</span>}
      {others.length > 0 && (
        <span className="block font-normal text-ink-muted text-xs">
          Also for {others.map((client) => client.name).join(", ")}
        </span>
      )}
    </>
  );
}

function Clients({ contact: { clients } }: { contact: DescribedContact }) {
  if (clients.length === 0) return "None";
  return (
    <ul className="whole-words">
      {clients.map(({ id, name }) => (
        <li key={id}>
          <a href={`/clients/${id}/contacts`}>{name}</a>
        </li>
      ))}
    </ul>
  );
}
