import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import type { EnforcementDescription } from "#lib/auth/sso/enforcement/describe-enforcement.ts";
import { ADMINISTRATORS_NEEDED, PROVEN_WITHIN_DAYS } from "#lib/auth/sso/enforcement/preconditions.ts";

type Found = EnforcementDescription["preconditions"];

/** What has to be there before SSO can be the only way in, and what to do about what is not. */
export function PreconditionsCard({ preconditions }: { preconditions: Found }) {
  return (
    <Card
      title="What has to be there first"
      description="So that nobody locks the whole firm out. Nothing is enforced while one of these is missing."
    >
      <ul className="grid gap-5">
        {conditionsOf(preconditions).map(({ title, met, next }) => (
          <li key={title} className="grid gap-1">
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <h3 className="font-semibold">{title}</h3>
              <Badge tone={met ? "success" : "warning"}>{met ? "There" : "Missing"}</Badge>
            </div>
            {!met && <p className="max-w-prose text-ink-muted text-sm">{next}</p>}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function conditionsOf({ connectionLive, provenAdministrators: proven, breakGlassArmed }: Found) {
  return [
    {
      title: "A connection is live",
      met: connectionLive,
      next: "Set one up, test it, and put it into service.",
    },
    {
      title: `${ADMINISTRATORS_NEEDED} administrators have come in by SSO within ${PROVEN_WITHIN_DAYS} days`,
      met: proven >= ADMINISTRATORS_NEEDED,
      next: `So far ${proven} of ${ADMINISTRATORS_NEEDED}. Let Administrators link their account, sign out, and sign in through the identity provider.`,
    },
    {
      title: "Break-glass of one administrator is armed",
      met: breakGlassArmed,
      next: "Propose one below, and let another administrator arm it. It has to last beyond the first day.",
    },
  ];
}
