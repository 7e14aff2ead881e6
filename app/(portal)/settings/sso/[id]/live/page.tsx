import { ActionForm } from "#components/form/action-form.tsx";
import { Checkbox } from "#components/form/checkbox.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { AskFirst } from "#components/sessions/ask-first.tsx";
import { Card } from "#components/ui/card.tsx";
import { Moment } from "#components/ui/moment.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { type ConnectionReading, getConnection } from "#lib/auth/sso/connections/get-connection.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { discardDraftAction, putIntoServiceAction, rollBackAction } from "../../actions.ts";
import { ConnectionHeader } from "../connection-header.tsx";
import { SetUpSteps } from "../set-up-steps.tsx";

export const metadata = { title: "Go live" };

export default async function LivePage({ params }: PageProps<"/settings/sso/[id]/live">) {
  const ctx = await requireContext();
  const reading = await load(getConnection(ctx, (await params).id));
  const { connection, draft, former, now } = reading;
  const mayGoBack = former?.servesUntil && now < former.servesUntil;
  return (
    <>
      <ConnectionHeader connection={connection} part="values" />
      <div className="grid max-w-4xl gap-6">
        <SetUpSteps reading={reading} current="live" />
        {draft?.testedAt ? <PutIntoService reading={reading} /> : <NotYet reading={reading} />}
        {mayGoBack && former.servesUntil && <GoBack id={connection.id} until={former.servesUntil} />}
        {draft && <Discard id={connection.id} serves={reading.serving !== undefined} />}
      </div>
    </>
  );
}

function NotYet({ reading: { connection, draft, serving } }: { reading: ConnectionReading }) {
  if (draft) {
    return (
      <Notice title="The draft is not tested yet">
        A <a href={`/settings/sso/${connection.id}/test`}>test sign-in</a> has to come through with it first.
      </Notice>
    );
  }
  if (serving) {
    return (
      <Notice tone="success" title="This connection is live">
        There is no draft beside it. To change something,{" "}
        <a href={`/settings/sso/${connection.id}/provider`}>change a copy of it</a>.
      </Notice>
    );
  }
  return (
    <Notice title="There is no draft yet">
      <a href={`/settings/sso/${connection.id}/provider`}>Describe the provider</a> first.
    </Notice>
  );
}

function PutIntoService({ reading: { connection, draft, serving } }: { reading: ConnectionReading }) {
  return (
    <Card
      title="Put the draft into service"
      description={
        serving
          ? "From then on people sign in by the draft. What serves now goes on beside it for a day; if too many sign-ins fail, it takes its place again by itself."
          : `From then on people sign in by it, with “Sign in with ${connection.name}”.`
      }
    >
      <ActionForm action={putIntoServiceAction} label="Put the draft into service">
        <Hidden name="connectionId" value={connection.id} />
        <Hidden name="configurationId" value={draft?.id} />
        {serving && (
          <Checkbox
            name="compromised"
            label="What serves now is compromised: end it at once"
            hint="Its certificate or secret is in wrong hands. Then nothing leads back to it, and whoever has signed in by it is signed out."
          />
        )}
        <Submit>Put into service</Submit>
      </ActionForm>
    </Card>
  );
}

function GoBack({ id, until }: { id: string; until: Date }) {
  return (
    <Card title="Go back" description="What served before can still take its place again.">
      <div className="grid gap-4">
        <p>
          Until <Moment at={until} />.
        </p>
        <AskFirst
          action={rollBackAction}
          press="Go back to the earlier settings"
          fields={{ connectionId: id }}
          question="Go back to the earlier settings?"
          confirm="Go back"
        >
          <p>They serve at once. The present ones end, and are kept in the history.</p>
        </AskFirst>
      </div>
    </Card>
  );
}

function Discard({ id, serves }: { id: string; serves: boolean }) {
  return (
    <Card
      title="Throw the draft away"
      description={
        serves ? "What serves goes on as it is." : "The connection stays, and can be described anew."
      }
    >
      <AskFirst
        action={discardDraftAction}
        press="Throw the draft away"
        fields={{ connectionId: id }}
        question="Throw the draft away?"
        confirm="Throw away"
      >
        <p>It cannot be brought back; a new one can be made.</p>
      </AskFirst>
    </Card>
  );
}
