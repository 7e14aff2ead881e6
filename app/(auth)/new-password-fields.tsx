import { PasswordField } from "#components/form/password-field.tsx";
import { UsernameForManagers } from "#components/form/username-for-managers.tsx";
import { MIN_CODE_POINTS, wordsOf } from "#lib/policy/password.ts";
import { StrengthMeter } from "./strength-meter.tsx";

type NewPasswordFieldsProps = { username: string; firmName: string };

/** A new password and its repetition, under the name that a password manager shall keep it with. */
export function NewPasswordFields({ username, firmName }: NewPasswordFieldsProps) {
  return (
    <>
      <UsernameForManagers username={username} />
      <PasswordField
        name="newPassword"
        label="New password"
        autoComplete="new-password"
        hint={`At least ${MIN_CODE_POINTS} characters, hard to guess: a few unusual words do better than symbols. Not your name, not 1234 or abcd.`}
      />
      <StrengthMeter field="newPassword" words={wordsOf(firmName, username).join(" ")} />
      <PasswordField name="confirmPassword" label="Confirm password" autoComplete="new-password" />
    </>
  );
}
