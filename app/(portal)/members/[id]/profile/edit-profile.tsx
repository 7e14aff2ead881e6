import { ActionForm } from "#components/form/action-form.tsx";
import { AskBeforeLeaving } from "#components/form/ask-before-leaving.tsx";
import { Field } from "#components/form/field.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Select } from "#components/form/select.tsx";
import { Submit } from "#components/form/submit.tsx";
import { Card } from "#components/ui/card.tsx";
import { TIME_ZONES } from "#lib/core/time-zone.ts";
import type { Changes } from "#lib/members/describe-changes.ts";
import { changeMemberAction, openAddressRequestAction } from "./actions.ts";

type EditProfileProps = {
  memberId: string;
  form: NonNullable<Changes["form"]>;
  saved: string;
  /** Somebody signs in by this account: its address is not the reader's to change. */
  inUse: boolean;
};

/** What an account goes by, for whoever may change it. Leaving without saving cancels (004-03). */
export function EditProfile({ memberId, form, saved, inUse }: EditProfileProps) {
  const name = { unmanaged: true, autoComplete: "off", maxLength: 254 };
  const identifier = { ...name, autoCapitalize: "none", spellCheck: false };
  return (
    <Card title="Edit" description="What is changed counts from now on, also for signing in.">
      <ActionForm
        // After a save it is another form, by what is in the address: see the security options.
        key={saved}
        id="profile"
        action={changeMemberAction}
        label="Edit"
      >
        <Hidden name="memberId" value={memberId} />
        <Hidden name="version" value={String(form.version)} />
        <Field {...name} name="name" label="Name" defaultValue={form.name} required />
        <Field
          {...identifier}
          name="email"
          label="E-mail"
          type="email"
          hint={inUse ? HELD : "Another address ends links that were sent to the old one, and both are told."}
          defaultValue={form.email}
          readOnly={inUse}
        />
        <Field
          {...identifier}
          name="username"
          label="Username"
          hint="A username that is the e-mail goes with it."
          defaultValue={form.username}
          required
        />
        <Select
          name="timeZone"
          label="Time zone"
          placeholder="The firm’s"
          options={TIME_ZONES.map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") }))}
          defaultValue={form.timeZone}
        />
        <AskBeforeLeaving />
        <Submit>Save</Submit>
      </ActionForm>
    </Card>
  );
}

const HELD =
  "This person signs in already, and changes the address under Settings. Otherwise it takes two administrators.";

/** The way to another address for somebody who signs in, and cannot change it alone (B12). */
export function AnotherAddress({ memberId }: { memberId: string }) {
  return (
    <Card
      title="Another address"
      description="For somebody who cannot read the mailbox any more: one administrator enters the new address, another one agrees, and the old address is told a day before."
    >
      <ActionForm action={openAddressRequestAction} id="another-address" label="Another address">
        <Hidden name="memberId" value={memberId} />
        <Submit tone="quiet">Open a request</Submit>
      </ActionForm>
    </Card>
  );
}
