import { Field } from "#components/form/field.tsx";

type IdentifierFieldProps = {
  hint?: string;
  /** Where somebody comes from another firm of theirs (X10). */
  value?: string | undefined;
  /** Whether the browser may offer passkeys there (UX10). */
  withPasskeys?: boolean;
};

/** Either name of an account, everywhere one is asked for (X8). */
export function IdentifierField({ hint, value, withPasskeys }: IdentifierFieldProps) {
  return (
    <Field
      name="identifier"
      label="Username or e-mail"
      hint={hint}
      defaultValue={value}
      required
      maxLength={254}
      autoComplete={withPasskeys ? "username webauthn" : "username"}
      autoCapitalize="none"
      spellCheck={false}
    />
  );
}
