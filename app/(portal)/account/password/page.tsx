import { NewPasswordFields } from "#app/(auth)/new-password-fields.tsx";
import { expirySentence } from "#components/account/expiry-sentence.ts";
import { ActionForm } from "#components/form/action-form.tsx";
import { Fact } from "#components/form/fact.tsx";
import { PasswordField } from "#components/form/password-field.tsx";
import { RadioGroup } from "#components/form/radio-group.tsx";
import { Submit } from "#components/form/submit.tsx";
import { Card } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { describePasswordRules } from "#lib/auth/password/describe-password-rules.ts";
import { describeNotices } from "#lib/auth/session/describe-notices.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { changeOwnPasswordAction } from "./actions.ts";

export const metadata = { title: "Password" };

export default async function OwnPasswordPage() {
  const ctx = await requireContext();
  const known = await load(describePasswordRules(ctx));
  const { expiry } = await describeNotices(ctx);

  return (
    <Card title="Password" description={expiry && expirySentence(expiry).sentence}>
      <ActionForm
        action={changeOwnPasswordAction}
        label="Change your password"
        steps={{ changed: <Changed /> }}
      >
        <PasswordField
          name="currentPassword"
          label="Current password"
          autoComplete="current-password"
          hint={
            <>
              Forgotten? <a href="/forgot-password">Reset it by e-mail</a>.
            </>
          }
        />
        <NewPasswordFields username={ctx.actor.username} {...known} />
        <RadioGroup
          name="otherSessions"
          legend="Other browsers and devices"
          options={OTHER_SESSIONS}
          defaultValue="sign_out"
        />
        <Submit>Save Changes</Submit>
      </ActionForm>
    </Card>
  );
}

/** In place of the form, so that nobody has to look for it above a long one. */
function Changed() {
  return (
    <div data-focus>
      <Notice tone="success" role="status" title="Your password is changed">
        Use the new one from now on. <Fact name="others" />
      </Notice>
    </div>
  );
}

const OTHER_SESSIONS = [
  {
    value: "sign_out",
    label: "Sign out everywhere else",
    hint: "Whoever else may know the old password is out. You stay signed in here.",
  },
  { value: "keep", label: "Stay signed in there", hint: "If you change it for no particular reason." },
];
