import { Checkbox } from "#components/form/checkbox.tsx";
import { Field } from "#components/form/field.tsx";

/** What every new account has: a name, names to sign in by, and perhaps an invitation at once. */
export function NewMemberFields() {
  return (
    <>
      <Field name="name" label="Name" maxLength={120} required unmanaged autoComplete="off" />
      <Field
        name="email"
        label="E-mail"
        type="email"
        maxLength={254}
        required
        unmanaged
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
      <Field
        name="username"
        label="Username"
        hint="Without one, the e-mail is the username."
        maxLength={254}
        unmanaged
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
    </>
  );
}

export function InviteTick() {
  return (
    <Checkbox
      name="invite"
      label="Send the invitation now"
      hint="An e-mail to choose a first password, good for 7 days. It can also be sent later."
    />
  );
}
