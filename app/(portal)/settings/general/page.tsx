import { ActionForm } from "#components/form/action-form.tsx";
import { Field } from "#components/form/field.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Select } from "#components/form/select.tsx";
import { Submit } from "#components/form/submit.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { Card } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { TIME_ZONES } from "#lib/core/time-zone.ts";
import { getFirmSettings } from "#lib/settings/get-firm-settings.ts";
import { LEAST_AUDIT_DAYS } from "#lib/settings/input.ts";
import type { FirmSettings } from "#lib/settings/read-firm-settings.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { changeFirmSettingsAction } from "./actions.ts";
import { shownAtFirst } from "./overtaken-by.ts";

export const metadata = { title: "General" };

export default async function GeneralSettingsPage({ searchParams }: PageProps<"/settings/general">) {
  const ctx = await requireContext();
  const settings = await load(getFirmSettings(ctx));
  const { saved } = await searchParams;
  return (
    <>
      <PageHeader
        title="General"
        description={`What ${settings.name} is called, whom its people turn to, and how long it keeps what.`}
        breadcrumbs={[{ href: "/settings", label: "Settings" }]}
      />
      <div className="grid max-w-3xl gap-6">
        {saved === String(settings.version) && (
          <Notice tone="success" role="status" title="The settings are saved.">
            They count from now on.
          </Notice>
        )}
        <ActionForm
          // After a save it is another form, by what is in the address: see the security options.
          key={String(saved)}
          action={changeFirmSettingsAction}
          label="General settings"
          className="grid gap-6"
        >
          <Hidden name="version" value={String(settings.version)} />
          <Hidden name="first" value={shownAtFirst(settings)} />
          <Firm {...settings} />
          <Support {...settings} />
          <Retention {...settings} />
          <div className="form-actions">
            <Submit>Save Changes</Submit>
          </div>
        </ActionForm>
      </div>
    </>
  );
}

function Firm({ name, timeZone }: FirmSettings & { name: string }) {
  return (
    <Card title="Firm">
      <div className="grid max-w-xl gap-5">
        <Field
          name="name"
          label="Name"
          hint="It stands on every page and in every e-mail. The firm's address stays the same."
          required
          maxLength={120}
          defaultValue={name}
          autoComplete="off"
        />
        <Select
          name="timeZone"
          label="Time zone"
          hint="For dates that are shown to people who have not chosen their own."
          options={TIME_ZONES.map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") }))}
          defaultValue={timeZone}
        />
      </div>
    </Card>
  );
}

function Support({ supportName, supportEmail, supportPhone }: FirmSettings) {
  return (
    <Card
      title="Support contact"
      description="Whom people turn to when they cannot get in. Everybody can read it, without signing in: below the sign-in form, and wherever a password or a link is of no help."
    >
      <div className="grid max-w-xl gap-5">
        <Field
          name="supportName"
          label="Who helps"
          hint="A person or a desk, such as “Reception, Monday to Friday 9 to 5”."
          maxLength={120}
          defaultValue={supportName}
          autoComplete="off"
        />
        <Field
          name="supportEmail"
          label="E-mail"
          type="email"
          inputMode="email"
          maxLength={254}
          defaultValue={supportEmail}
          autoComplete="off"
          unmanaged
        />
        <Field
          name="supportPhone"
          label="Telephone"
          type="tel"
          inputMode="tel"
          maxLength={40}
          defaultValue={supportPhone}
          autoComplete="off"
        />
      </div>
    </Card>
  );
}

function Retention({ auditDays, deletedDays }: FirmSettings) {
  return (
    <Card
      title="What is kept, and for how long"
      description="What goes at its end is gone for good: nobody can bring it back."
    >
      <div className="grid max-w-xl gap-5">
        <Field
          name="auditDays"
          label="Days for which audit events are kept"
          hint={`Who did what, and when. Empty keeps them for good; otherwise at least ${LEAST_AUDIT_DAYS} days. Events that are older are removed within a day of saving.`}
          inputMode="numeric"
          maxLength={9}
          defaultValue={auditDays === null ? "" : String(auditDays)}
          autoComplete="off"
        />
        <Field
          name="deletedDays"
          label="Days after which a deleted person is erased"
          hint="Until then the person can be restored. Then name, addresses and username are erased; the audit log goes on saying that somebody acted, and no longer who."
          inputMode="numeric"
          required
          maxLength={9}
          defaultValue={String(deletedDays)}
          autoComplete="off"
        />
      </div>
    </Card>
  );
}
