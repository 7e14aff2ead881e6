import { ActionForm } from "#components/form/action-form.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { buttonClass } from "#components/ui/button-class.ts";
import { Card } from "#components/ui/card.tsx";
import { FormButton } from "#components/ui/form-button.tsx";
import { Moment } from "#components/ui/moment.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { VisuallyHidden } from "#components/ui/visually-hidden.tsx";
import { type ConnectionReading, getConnection } from "#lib/auth/sso/connections/get-connection.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { checkDraftAction } from "../../actions.ts";
import { ConnectionHeader } from "../connection-header.tsx";
import { SetUpSteps } from "../set-up-steps.tsx";
import { FoundChecks } from "./found-checks.tsx";

export const metadata = { title: "Check and test" };

export default async function TestPage({ params, searchParams }: PageProps<"/settings/sso/[id]/test">) {
  const ctx = await requireContext();
  const reading = await load(getConnection(ctx, (await params).id));
  const { connection, draft } = reading;
  const { saved } = await searchParams;
  return (
    <>
      <ConnectionHeader connection={connection} part="values" />
      <div className="grid max-w-4xl gap-6">
        <SetUpSteps reading={reading} current="test" />
        {saved !== undefined && draft && (
          <Notice tone="success" role="status" title="The draft is saved.">
            It signs nobody in yet.
          </Notice>
        )}
        {draft ? <Tests id={connection.id} draft={draft} /> : <NoDraft id={connection.id} />}
      </div>
    </>
  );
}

function NoDraft({ id }: { id: string }) {
  return (
    <Notice title="There is no draft to test">
      <a href={`/settings/sso/${id}/provider`}>Describe the provider</a>, or change what serves, first.
    </Notice>
  );
}

type Draft = NonNullable<ConnectionReading["draft"]>;

function Tests({ id, draft }: { id: string; draft: Draft }) {
  return (
    <>
      <Card
        title="Checks"
        description="The portal looks at the provider from here: whether it is there, its keys and certificates, and its clock."
      >
        <ActionForm action={checkDraftAction} label="Checks" className="grid justify-items-start gap-4">
          <Hidden name="connectionId" value={id} />
          <FoundChecks />
          <Submit tone="quiet">Check now</Submit>
        </ActionForm>
      </Card>
      <Card
        title="Test sign-in"
        description="You sign in at the provider, in a new tab, and see what it says of you. No session comes of it, and no account."
      >
        <div className="grid justify-items-start gap-4">
          {draft.testedAt && (
            <Notice tone="success" title="A test sign-in has come through with this draft.">
              On <Moment at={draft.testedAt} />.
            </Notice>
          )}
          <form method="post" action={`/settings/sso/${id}/test/begin`} target="_blank" rel="noopener">
            <button type="submit" className={buttonClass({ tone: draft.testedAt ? "quiet" : "primary" })}>
              Test sign-in<VisuallyHidden> (opens in a new tab)</VisuallyHidden>
            </button>
          </form>
          <p className="text-ink-muted text-sm">Come back here when it has come through, and go on.</p>
        </div>
      </Card>
      <div className="form-actions">
        <FormButton action={`/settings/sso/${id}/live`} tone={draft.testedAt ? "primary" : "quiet"}>
          Continue
        </FormButton>
      </div>
    </>
  );
}
