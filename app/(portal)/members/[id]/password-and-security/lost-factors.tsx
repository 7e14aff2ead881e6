import { ConfirmStep } from "#components/api-tokens/confirm-step.tsx";
import { ActionForm } from "#components/form/action-form.tsx";
import { Field } from "#components/form/field.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { Card } from "#components/ui/card.tsx";
import { Moment } from "#components/ui/moment.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { getMemberFactors } from "#lib/auth/lost-device/get-member-factors.ts";
import { hasPermission } from "#lib/core/access.ts";
import type { MemberContext } from "#lib/core/context.ts";
import { keepFactorsOfAction, resetFactorsAction } from "./actions.ts";

type Described = Awaited<ReturnType<typeof getMemberFactors>>;

/** Somebody who has lost all second factors, and the way to take them away (F3). */
export async function LostFactors({ ctx, memberId }: { ctx: MemberContext; memberId: string }) {
  if (!hasPermission(ctx, "factors:reset")) return null;
  const described = await getMemberFactors(ctx, memberId);
  const { member, hasAny, heldUntil, mayTake, last } = described;
  if (!heldUntil && !hasAny && !last) return null;
  return (
    <Card title="Lost Second Factors">
      <div className="grid gap-6">
        {heldUntil && <Held memberId={member.id} until={heldUntil} timeZone={ctx.actor.timeZone} />}
        {hasAny && mayTake && <Take member={member} />}
        {hasAny && !mayTake && <p className="text-ink-muted text-sm">{NOT_YOURS[whose(described, ctx)]}</p>}
        {last?.at && (
          <p className="text-ink-muted text-sm">
            Taken away last on <Moment at={last.at} timeZone={ctx.actor.timeZone} />: {inWords(last.reason)}
          </p>
        )}
      </div>
    </Card>
  );
}

const NOT_YOURS = {
  own: "Your own second factors are removed under Settings.",
  more: "This account may do more than yours: somebody who may as much has to take its second factors away.",
};

function whose({ member }: Described, ctx: MemberContext): keyof typeof NOT_YOURS {
  return member.id === ctx.actor.memberId ? "own" : "more";
}

function inWords(reason: string | null): string {
  return reason === "applied" ? "a day after the person said that they are lost." : `“${reason}”`;
}

type HeldProps = { memberId: string; until: Date; timeZone: string | undefined };

function Held({ memberId, until, timeZone }: HeldProps) {
  return (
    <div className="grid justify-items-start gap-3">
      <Notice tone="warning" title="Said to be lost">
        <p>
          All second factors of this person are taken away on <Moment at={until} timeZone={timeZone} />,
          unless somebody stops it. If the person knows nothing of it, stop it: somebody else has the
          password.
        </p>
      </Notice>
      <ActionForm action={keepFactorsOfAction} label="Keep the second factors" id="keep-factors">
        <Hidden name="memberId" value={memberId} />
        <Submit>Keep the Second Factors</Submit>
      </ActionForm>
    </div>
  );
}

function Take({ member }: Pick<Described, "member">) {
  const confirm = (
    <ConfirmStep
      title={`Take away all second factors of ${member.name}?`}
      press="Take Them Away"
      tone="danger"
    >
      <p>Authenticator app, passkeys and recovery codes end, and do not come back.</p>
      <p>The person is signed out everywhere, and is told by e-mail. The password stays.</p>
    </ConfirmStep>
  );
  return (
    <ActionForm
      action={resetFactorsAction}
      label="Take second factors away"
      id="reset-factors"
      steps={{ confirm }}
    >
      <Hidden name="memberId" value={member.id} />
      <p className="max-w-prose text-ink-muted text-sm">
        Make sure first that it is {member.name} who asks you: call back on a number that you know.
      </p>
      <Field
        name="reason"
        label="Reason"
        hint="How you made sure, for whoever looks at it later."
        required
        maxLength={200}
        autoComplete="off"
      />
      <div>
        <Submit tone="danger">Take Away All Second Factors…</Submit>
      </div>
    </ActionForm>
  );
}
