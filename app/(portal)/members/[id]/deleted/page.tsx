import { ActionForm } from "#components/form/action-form.tsx";
import { Checkbox } from "#components/form/checkbox.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { Facts } from "#components/members/facts.tsx";
import { buttonClass } from "#components/ui/button-class.ts";
import { Card } from "#components/ui/card.tsx";
import { Moment } from "#components/ui/moment.tsx";
import { getDeletedMember } from "#lib/members/get-deleted-member.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { eraseMemberAction, restoreMemberAction } from "./actions.ts";

export const metadata = { title: "Deleted account" };

type Deleted = Awaited<ReturnType<typeof getDeletedMember>>;

export default async function DeletedMemberPage({ params }: PageProps<"/members/[id]/deleted">) {
  const ctx = await requireContext();
  const person = await load(getDeletedMember(ctx, (await params).id));
  const { id, kind, name, address, username } = person;
  const list =
    kind === "staff"
      ? { href: "/members?state=deleted", label: "Deleted members" }
      : { href: "/contacts?state=deleted", label: "Deleted contacts" };
  return (
    <>
      <PageHeader title={name} description={address ?? username} breadcrumbs={[list]} />
      <div className="grid gap-6">
        <Card title="This account is deleted">
          <div className="grid gap-6">
            <Facts facts={factsOf(person)} />
            {person.mayRestore && (
              <ActionForm action={restoreMemberAction} id="restore" label="Restore">
                <Hidden name="memberId" value={id} />
                <p className="text-ink-muted text-sm">
                  Restored, it has its group and clients again. It stays disabled until somebody enables it.
                </p>
                <Submit>Restore</Submit>
              </ActionForm>
            )}
          </div>
        </Card>
        <PersonalData person={person} />
      </div>
    </>
  );
}

function factsOf({ deletedAt, erasedFrom, clients, kind }: Deleted) {
  const names = clients.map(({ name }) => name).join(", ");
  return [
    { label: "Deleted", value: <Moment at={deletedAt} /> },
    { label: "Erased from", value: <Moment at={erasedFrom} /> },
    ...(kind === "contact" ? [{ label: "Clients", value: names === "" ? "None" : names }] : []),
  ];
}

/** What goes, what stays and why, before it does. */
function PersonalData({ person: { id, name, mayErase, mayExport } }: { person: Deleted }) {
  if (!mayErase && !mayExport) return null;
  return (
    <Card title="Personal data">
      <div className="grid gap-6">
        {mayExport && (
          <div>
            <a href={`/members/${id}/data`} className={buttonClass({})}>
              Download the data
            </a>
          </div>
        )}
        {mayErase && (
          <ActionForm action={eraseMemberAction} id="erase" label="Erase">
            <Hidden name="memberId" value={id} />
            <div className="grid gap-2 text-sm">
              <p>
                <strong>Erased for good:</strong> name, e-mail and username, everything that {name} signed in
                with, sessions, browsers, mail, requests and links to other firms and clients. Nobody can
                bring it back.
              </p>
              <p>
                <strong>Kept:</strong> the audit log. Its events say what was done, when and from which
                network address, by an account that has only a number from then on. The firm has to be able to
                prove what happened to its clients’ data; the log is kept as long as the firm’s settings say.
              </p>
              <p>
                <strong>Out of reach:</strong> mail that was delivered, files that somebody downloaded, and
                backups until they run out.
              </p>
            </div>
            <Checkbox name="sure" label={`Erase ${name}: this cannot be undone`} />
            <Submit tone="danger">Erase for good</Submit>
          </ActionForm>
        )}
      </div>
    </Card>
  );
}
