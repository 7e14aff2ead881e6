import { ActionForm } from "#components/form/action-form.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { NothingToSave } from "#components/settings/nothing-to-save.tsx";
import { ReviewStep } from "#components/settings/review-step.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { OPTIONS_PRESETS, RECOMMENDED } from "#lib/policy/security-options.ts";
import { getFirmSettings } from "#lib/settings/get-firm-settings.ts";
import { listSecurityOptionsVersions } from "#lib/settings/list-security-options-versions.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { changeOptionsAction } from "./actions.ts";
import { OptionCards } from "./option-cards.tsx";
import { PresetList } from "./preset-list.tsx";
import { VersionsCard } from "./versions-card.tsx";

export const metadata = { title: "Security options" };

const FIELDS = ["basedOnVersion", ...Object.keys(RECOMMENDED)];

export default async function SecurityOptionsPage({ searchParams }: PageProps<"/settings/security-options">) {
  const ctx = await requireContext();
  const versions = await load(listSecurityOptionsVersions(ctx));
  const { timeZone } = await load(getFirmSettings(ctx));
  const [current] = versions;
  const { preset: chosen, saved } = await searchParams;
  const preset = OPTIONS_PRESETS.find(({ id }) => id === chosen);
  return (
    <>
      <PageHeader
        title="Security options"
        description={`What ${ctx.tenant.name} asks of passwords and second factors, how long sessions last, and how people come back in. It holds for all staff and contacts alike.`}
        breadcrumbs={[{ href: "/settings", label: "Settings" }]}
      />
      <div className="grid max-w-4xl gap-8">
        {saved === String(current.version) && (
          <Notice tone="success" role="status" title={`Version ${current.version} is saved.`}>
            It counts from now on. The versions at the end of this page lead back.
          </Notice>
        )}
        <PresetList current={current.options} chosen={preset?.id} />
        <ActionForm
          // After a save, or with another preset, it is another form. By nothing that is not in the address: without
          // JavaScript React gives the answer to the form with the same key, on a page that is made anew.
          key={`${saved} ${preset?.id}`}
          id="options"
          action={changeOptionsAction}
          label="Security options"
          className="grid gap-6"
          steps={{ review: <ReviewStep fields={FIELDS} /> }}
        >
          <NothingToSave />
          <Hidden name="basedOnVersion" value={String(current.version)} />
          {preset && (
            <Notice title={preset.name}>
              These options stand in the form now. Nothing is saved before you have seen what it would change.
            </Notice>
          )}
          <OptionCards options={preset?.options ?? current.options} timeZone={timeZone} />
          <div className="form-actions">
            <Submit>Continue</Submit>
          </div>
        </ActionForm>
        <VersionsCard versions={versions} timeZone={timeZone} />
      </div>
    </>
  );
}
