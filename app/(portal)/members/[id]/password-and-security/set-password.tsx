import { PasswordGuide } from "#app/(auth)/password-guide.tsx";
import { ActionForm } from "#components/form/action-form.tsx";
import { Checkbox } from "#components/form/checkbox.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { PasswordField } from "#components/form/password-field.tsx";
import { Submit } from "#components/form/submit.tsx";
import type { DescribedRules } from "#lib/auth/password/describe-password-rules.ts";
import { judgePassword } from "#lib/policy/password.ts";
import { setPasswordAction } from "./actions.ts";

type SetPasswordProps = DescribedRules & { member: { id: string; name: string } };

const FORM = "set";
const FIELD = `${FORM}-newPassword`;

/** Sets a password for somebody else (000-11, 000-12, 004-10). Browsers must not fill in the administrator's own. */
export function SetPassword({ member, rules, words }: SetPasswordProps) {
  const needs = judgePassword("", rules, words).checks.map(({ id, label }) => ({
    id,
    // It is somebody else's.
    label: label.replace("your name, your address", "the person’s name, address"),
  }));
  return (
    <ActionForm action={setPasswordAction} id={FORM} label="Reset Password">
      <Hidden name="memberId" value={member.id} />
      <Checkbox
        name="tick"
        label="Reset Password"
        hint={`Sets one that you type. Tell ${member.name} yourself: no e-mail holds it. It is good for 48 hours, has to be changed at the next login, and you are both told by e-mail that it was set.`}
      />
      <PasswordField
        name="newPassword"
        label="New password"
        autoComplete="new-password"
        describedBy={`${FIELD}-needs`}
        unmanaged
      />
      <PasswordGuide field={FIELD} needs={needs} rules={rules} words={words} />
      <PasswordField name="confirmPassword" label="Confirm password" autoComplete="new-password" unmanaged />
      <Submit>Save</Submit>
    </ActionForm>
  );
}
