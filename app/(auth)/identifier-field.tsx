import { Field } from "#components/form/field.tsx";

type IdentifierFieldProps = {
  hint?: string;
  /** Where somebody comes from another firm of theirs (X10). */
  value?: string | undefined;
};

/** Either name of an account, everywhere one is asked for (X8). */
export function IdentifierField({ hint, value }: IdentifierFieldProps) {
  return (
    <Field
      name="identifier"
      label="Username or e-mail"
      hint={hint}
      defaultValue={value}
      required
      maxLength={254}
      autoComplete="username"
      autoCapitalize="none"
      spellCheck={false}
    />
  );
}
