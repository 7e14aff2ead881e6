import { ActionForm } from "#components/form/action-form.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { Card } from "#components/ui/card.tsx";
import type { MemberProfile } from "#lib/members/get-member-profile.ts";
import { unlinkMemberAction } from "./actions.ts";

type SingleSignOnProps = { profile: Pick<MemberProfile, "id" | "name" | "connectionName" | "form"> };

/** The way back from single sign-on, for one person. */
export function SingleSignOn({ profile: { id, name, connectionName, form } }: SingleSignOnProps) {
  if (connectionName === undefined || !form) return null;
  return (
    <Card title="Single Sign-On">
      <div className="grid gap-4">
        <p className="max-w-prose text-ink-muted text-sm">
          {name} signs in by {connectionName}. Ended, the account stays with its group and clients, is signed
          out, and opens by a link that you send to its address.
        </p>
        <ActionForm action={unlinkMemberAction} id="unlink" label="Single Sign-On">
          <Hidden name="memberId" value={id} />
          <Submit tone="quiet">End single sign-on for this account</Submit>
        </ActionForm>
      </div>
    </Card>
  );
}
