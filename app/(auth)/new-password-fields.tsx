import { PasswordField } from "#components/form/password-field.tsx";
import { UsernameForManagers } from "#components/form/username-for-managers.tsx";
import { judgePassword } from "#lib/policy/password.ts";
import { passwordManagerRules } from "#lib/policy/password-manager-rules.ts";
import type { PasswordRules } from "#lib/policy/security-options.ts";
import { PasswordGuide } from "./password-guide.tsx";

type NewPasswordFieldsProps = {
  /** The name that a password manager shall keep the password with. */
  username: string;
  rules: PasswordRules;
  /** Names that a new password must not be built from. */
  words: string[];
};

const FIELD = "newPassword";

/** A new password and its repetition (DEC14), with the firm's rules beside it and in the words of password managers. */
export function NewPasswordFields({ username, rules, words }: NewPasswordFieldsProps) {
  const { minLength, maxLength, passwordRules } = passwordManagerRules(rules);
  const input = { autoComplete: "new-password", minLength, maxLength, rules: passwordRules } as const;
  return (
    <>
      <UsernameForManagers username={username} />
      <PasswordField
        name={FIELD}
        label="New password"
        hint="A few unusual words, or upper and lower case mixed with numbers and symbols."
        describedBy={`${FIELD}-needs`}
        {...input}
      />
      <PasswordGuide field={FIELD} needs={needsOf(rules, words)} rules={rules} words={words} />
      <PasswordField name="confirmPassword" label="Confirm password" {...input} />
    </>
  );
}

function needsOf(rules: PasswordRules, words: string[]) {
  const needs = judgePassword("", rules, words).checks.map(({ id, label }) => ({ id, label }));
  const leaked = { id: "breach", label: "Not leaked elsewhere, which is checked when you save" };
  return rules.breachList ? [...needs, leaked] : needs;
}
