import { ActionForm } from "#components/form/action-form.tsx";
import { Submit } from "#components/form/submit.tsx";
import { FirmMark } from "#components/layout/firm-mark.tsx";
import { SignedOutLayout } from "#components/layout/signed-out-layout.tsx";
import { valuesInWords } from "#components/sso/connection-values.ts";
import { CopyValues } from "#components/sso/copy-values.tsx";
import { DraftFields } from "#components/sso/draft-fields.tsx";
import { ProviderGuide } from "#components/sso/provider-guide.tsx";
import { atProvider } from "#components/sso/provider-guides.ts";
import { Card } from "#components/ui/card.tsx";
import { DialogCard } from "#components/ui/dialog-card.tsx";
import { Moment } from "#components/ui/moment.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { draftInForm } from "#lib/auth/sso/connections/draft-in-form.ts";
import { openSetupLink } from "#lib/auth/sso/setup/open-setup-link.ts";
import { visitorContext } from "#lib/web/context.ts";
import { COOKIES, readCookie } from "#lib/web/cookies.ts";
import { saveSetupAction } from "./actions.ts";

export const metadata = { title: "Set up single sign-on" };

type Opened = NonNullable<Awaited<ReturnType<typeof openSetupLink>>["link"]>;

export default async function SetupPage({ searchParams }: PageProps<"/sso/setup">) {
  const ctx = await visitorContext();
  const token = (await readCookie(COOKIES.ssoSetup)) ?? "";
  const { link } = await openSetupLink(ctx, { token });
  const { saved, by } = await searchParams;
  if (!link) return <DeadSetupLink firmName={ctx.tenant.name} />;
  return (
    <main className="mx-auto grid max-w-4xl gap-6 p-4 sm:p-8">
      <p className="flex items-center gap-3 font-semibold text-lg">
        <FirmMark name={ctx.tenant.name} />
        {ctx.tenant.name}
      </p>
      <header className="grid gap-2">
        <h1 className="text-2xl">Set up single sign-on</h1>
        <p className="max-w-prose text-ink-muted">
          For {link.connection.name}, {atProvider(link.connection.provider)}. This page works until{" "}
          <Moment at={link.expiresAt} />, and does this one thing.
        </p>
      </header>
      {saved !== undefined && (
        <Notice tone="success" role="status" title="Thank you. It is saved.">
          {ctx.tenant.name} tests it and puts it into service. You can close this page, or correct something
          below.
        </Notice>
      )}
      <SetupForm link={link} byHand={by === "hand"} />
    </main>
  );
}

function SetupForm({ link, byHand }: { link: Opened; byHand: boolean }) {
  const { connection, values } = link;
  return (
    <>
      <Card title={`First, ${atProvider(connection.provider)}`}>
        <ProviderGuide provider={connection.provider} kind={connection.kind} />
      </Card>
      <Card title="Values to enter there">
        <CopyValues values={valuesInWords(values)} />
      </Card>
      <p>
        {byHand ? (
          <a href="/sso/setup">Let the portal read what the provider says of itself.</a>
        ) : (
          <a href="/sso/setup?by=hand">Enter the parts by hand.</a>
        )}
      </p>
      <ActionForm
        key={String(byHand)}
        action={saveSetupAction}
        label="Set up single sign-on"
        className="grid gap-6"
      >
        <DraftFields draft={draftInForm(link, byHand)} />
        <div className="form-actions">
          <Submit>Save</Submit>
        </div>
      </ActionForm>
    </>
  );
}

/** Run out, ended by the firm, replaced by a newer one, or never one: the same for whoever asks. */
function DeadSetupLink({ firmName }: { firmName: string }) {
  return (
    <SignedOutLayout firmName={firmName} bare>
      <DialogCard title="This link does not work" tone="warning" actions={undefined}>
        <p>It has run out, or {firmName} has ended it. Ask whoever sent it to you for a new one.</p>
      </DialogCard>
    </SignedOutLayout>
  );
}
