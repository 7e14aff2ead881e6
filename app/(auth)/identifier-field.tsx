import { Field } from "#components/form/field.tsx";

/** Either name of an account, everywhere one is asked for (X8). */
export function IdentifierField({ hint }: { hint?: string }) {
  return (
    <Field
      name="identifier"
      label="Username or e-mail"
      hint={hint}
      required
      maxLength={254}
      autoComplete="username"
      autoCapitalize="none"
      spellCheck={false}
    />
  );
}
