import { ActionForm } from "#components/form/action-form.tsx";
import { Field } from "#components/form/field.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { PasswordField } from "#components/form/password-field.tsx";
import { Select } from "#components/form/select.tsx";
import { Submit } from "#components/form/submit.tsx";
import { Facts } from "#components/members/facts.tsx";
import { Card } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { TIME_ZONES } from "#lib/core/time-zone.ts";
import { getOwnProfile } from "#lib/members/own/get-own-profile.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { changeOwnProfileAction, requestEmailChangeAction } from "./actions.ts";

export const metadata = { title: "Profile" };

type Profile = Awaited<ReturnType<typeof getOwnProfile>>;

export default async function OwnProfilePage({ searchParams }: PageProps<"/account/profile">) {
  const ctx = await requireContext();
  const profile = await load(getOwnProfile(ctx));
  const { saved, asked } = await searchParams;
  return (
    <div className="grid max-w-3xl gap-6">
      {saved === String(profile.version) && (
        <Notice tone="success" role="status" title="Your profile is saved." />
      )}
      <Card
        title="Profile"
        description={
          profile.federated
            ? "Your name and address come from your identity provider. They are changed there."
            : undefined
        }
      >
        <ActionForm
          // After a save it is another form, by what is in the address: see the security options.
          key={String(saved)}
          id="profile"
          action={changeOwnProfileAction}
          label="Your profile"
        >
          <Hidden name="version" value={String(profile.version)} />
          {profile.federated ? <Names {...profile} /> : <NameFields {...profile} />}
          <Select
            name="timeZone"
            label="Time zone"
            hint="For the dates that you are shown."
            placeholder={`The firm's (${profile.firmTimeZone.replaceAll("_", " ")})`}
            options={TIME_ZONES.map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") }))}
            defaultValue={profile.timeZone ?? ""}
          />
          <Submit>Save Changes</Submit>
        </ActionForm>
      </Card>
      {!profile.federated && <Email profile={profile} justAsked={asked !== undefined} />}
    </div>
  );
}

function Names({ name, username, email }: Profile) {
  return (
    <Facts
      facts={[
        { label: "Name", value: name },
        { label: "Username", value: username },
        { label: "E-mail", value: email ?? "No address" },
      ]}
    />
  );
}

function NameFields({ name, username, email }: Profile) {
  return (
    <>
      <Field name="name" label="Name" required maxLength={120} defaultValue={name} autoComplete="name" />
      <Field
        name="username"
        label="Username"
        hint={
          email === null
            ? "Letters, digits and . _ - +"
            : "Letters, digits and . _ - +, or your e-mail address. You can sign in with either."
        }
        required
        maxLength={254}
        defaultValue={username}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        unmanaged
      />
    </>
  );
}

function Email({ profile, justAsked }: { profile: Profile; justAsked: boolean }) {
  const { email, asked, hasPassword } = profile;
  return (
    <Card
      title="E-mail"
      description={email ? `Your address is ${email}.` : "Your account has no address yet."}
    >
      <div className="grid gap-5">
        {asked && (
          <Notice tone="info" role={justAsked ? "status" : undefined} title="Look into your new mailbox">
            If {asked} can be used here, an e-mail with a link and 4 digits is on its way to it. Until you
            have confirmed it, nothing changes.
          </Notice>
        )}
        <ActionForm
          key={asked ?? ""}
          id="email"
          action={requestEmailChangeAction}
          label="Change your e-mail address"
        >
          <Field
            name="newEmail"
            label="New e-mail address"
            hint={
              email
                ? "You confirm it by an e-mail to the new address. The one that you have now is told, and can undo it for 7 days."
                : "You confirm it by an e-mail to it."
            }
            type="email"
            required
            maxLength={254}
            autoComplete="email"
            autoCapitalize="none"
            spellCheck={false}
          />
          {hasPassword && (
            <PasswordField
              name="currentPassword"
              label="Current password"
              autoComplete="current-password"
              hint="So that nobody else can do it in your place."
            />
          )}
          <Submit>Send E-mail</Submit>
        </ActionForm>
      </div>
    </Card>
  );
}
