import { notFound } from "next/navigation";
import { ActionForm } from "#components/form/action-form.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { Card } from "#components/ui/card.tsx";
import { getMemberProfile } from "#lib/members/get-member-profile.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { deleteMemberAction } from "../deleted/actions.ts";

export const metadata = { title: "Delete account" };

/** What happens is said before it does. */
export default async function DeleteMemberPage({ params }: PageProps<"/members/[id]/delete">) {
  const ctx = await requireContext();
  const { id, kind, name, mayDelete } = await load(getMemberProfile(ctx, (await params).id));
  if (!mayDelete) notFound();
  const list =
    kind === "staff" ? { href: "/members", label: "Members" } : { href: "/contacts", label: "Contacts" };
  return (
    <>
      <PageHeader
        title={`Delete ${name}?`}
        breadcrumbs={[list, { href: `/members/${id}/profile`, label: name }]}
      />
      <Card>
        <ul className="mb-6 grid max-w-prose list-disc gap-2 ps-5">
          <li>The account is out everywhere at once: sessions, mailed links and tokens end.</li>
          <li>It stands in no list any more but that of the deleted ones.</li>
          <li>Username and e-mail stay reserved, and it can be restored as it was.</li>
          <li>When the time is over for which the firm keeps deleted people, it is erased for good.</li>
        </ul>
        <ActionForm action={deleteMemberAction} label="Delete this account">
          <Hidden name="memberId" value={id} />
          <div className="form-actions">
            <Submit tone="danger">Delete account</Submit>
            <a href={`/members/${id}/profile`}>Keep it</a>
          </div>
        </ActionForm>
      </Card>
    </>
  );
}
