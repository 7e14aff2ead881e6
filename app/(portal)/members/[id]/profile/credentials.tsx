import { ActionForm } from "#components/form/action-form.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { AccessBadge } from "#components/members/access-badge.tsx";
import { Facts } from "#components/members/facts.tsx";
import { ResendCredentials } from "#components/members/resend-credentials.tsx";
import { Card } from "#components/ui/card.tsx";
import { hasPermission } from "#lib/core/access.ts";
import type { MemberContext } from "#lib/core/context.ts";
import type { MemberProfile } from "#lib/members/get-member-profile.ts";
import { ACCESS_STATES } from "#lib/policy/access-state.ts";
import { resendCredentialsAction, unfreezeAccountAction, unlockMemberAction } from "./actions.ts";
import { helpFor } from "./resend-help.ts";

type CredentialsProps = { ctx: MemberContext; profile: MemberProfile };

/** How somebody gets in, what stands in the way, and what helps. Of who signs in by SSO there is nothing to send. */
export function Credentials({ ctx, profile }: CredentialsProps) {
  const { id, address, username, access, mail, resend, federated } = profile;
  return (
    <Card title="Login Credentials">
      <div className="grid gap-6">
        {resend && "sends" in resend && (
          <ResendCredentials
            action={resendCredentialsAction}
            memberId={id}
            help={helpFor(resend.sends, mail)}
          />
        )}
        {resend && "obstacle" in resend && !federated && (
          <p className="text-ink-muted text-sm">{resend.obstacle}</p>
        )}
        <Facts
          facts={[
            { label: "Username", value: username ?? address ?? "None" },
            {
              label: "Access",
              value: access && (
                <span className="grid justify-items-start gap-1">
                  <AccessBadge state={access.state} words={ACCESS_STATES[access.state]} />
                  {access.reason}
                </span>
              ),
            },
            ...(federated
              ? []
              : [{ label: "Last credentials mail", value: mail ?? "None was sent lately." }]),
          ]}
        />
        <Remedy ctx={ctx} profile={profile} />
      </div>
    </Card>
  );
}

/** The one button that helps, for whoever may press it. */
function Remedy({ ctx, profile: { id, access, resend } }: CredentialsProps) {
  if (access?.remedy === "enable" && hasPermission(ctx, "members:manage")) {
    return (
      <p className="text-sm">
        <a href={`/members/${id}/password-and-security`}>Enable the account in Password & Security</a>
      </p>
    );
  }
  // Whoever may send somebody a reset may open what keeps it from helping.
  if (!resend) return null;
  if (access?.remedy === "unlock") {
    return (
      <ActionForm action={unlockMemberAction} id="unlock" label="Unlock">
        <Hidden name="memberId" value={id} />
        <Submit>Unlock</Submit>
      </ActionForm>
    );
  }
  if (access?.remedy !== "unfreeze") return null;
  return (
    <ActionForm action={unfreezeAccountAction} id="unfreeze" label="Open the account again">
      <Hidden name="memberId" value={id} />
      <p className="text-ink-muted text-sm">
        Ask the owner first, by another way than e-mail, whether the account is theirs again. The password
        stays ended: a mail with a new way in goes out.
      </p>
      <Submit>Open the account again</Submit>
    </ActionForm>
  );
}
