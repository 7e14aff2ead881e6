import { AccessBadge } from "#components/members/access-badge.tsx";
import { Facts } from "#components/members/facts.tsx";
import { ResendCredentials } from "#components/members/resend-credentials.tsx";
import { Card } from "#components/ui/card.tsx";
import type { MemberProfile } from "#lib/members/get-member-profile.ts";
import { ACCESS_STATES } from "#lib/policy/access-state.ts";
import { resendCredentialsAction } from "./actions.ts";
import { helpFor } from "./resend-help.ts";

type CredentialsProps = {
  profile: MemberProfile;
  /** What stands in the way is said, with what helps, in a section of its own. */
  explained: boolean;
};

/** How somebody gets in. Of who signs in by SSO there is nothing to send. */
export function Credentials({ profile, explained }: CredentialsProps) {
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
                  {!explained && access.reason}
                </span>
              ),
            },
            ...(federated
              ? []
              : [{ label: "Last credentials mail", value: mail ?? "None was sent lately." }]),
          ]}
        />
      </div>
    </Card>
  );
}
