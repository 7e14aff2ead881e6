import { ConfirmStep } from "#components/api-tokens/confirm-step.tsx";
import { ActionForm } from "#components/form/action-form.tsx";
import { Submit } from "#components/form/submit.tsx";
import { Card } from "#components/ui/card.tsx";
import { Moment } from "#components/ui/moment.tsx";
import type { EnforcementDescription } from "#lib/auth/sso/enforcement/describe-enforcement.ts";
import { liftSsoAction } from "./actions.ts";
import { SCOPES } from "./words.ts";

type Enforced = { current: NonNullable<EnforcementDescription["current"]>; timeZone: string };

/** What is decided, and the way back. */
export function EnforcedCard({ current, timeZone }: Enforced) {
  const { scope, enforcedFrom, inForce, by } = current;
  const confirm = (
    <ConfirmStep title="Let people in without SSO again?" press="Lift" tone="danger">
      <p>Passwords and passkeys open accounts again, at once. All administrators are told by e-mail.</p>
    </ConfirmStep>
  );
  return (
    <Card title={inForce ? "SSO is the only way in" : "SSO will be the only way in"}>
      <div className="grid gap-4">
        <p>
          For {SCOPES[scope]}, {inForce ? "since" : "from"} <Moment at={enforcedFrom} timeZone={timeZone} />
          {!inForce && " on"}
          {by && `. ${by} decided it`}.
        </p>
        <ActionForm action={liftSsoAction} id="lift" label="Lift" className="grid gap-3" steps={{ confirm }}>
          <div>
            <Submit tone="quiet">Lift</Submit>
          </div>
        </ActionForm>
      </div>
    </Card>
  );
}
