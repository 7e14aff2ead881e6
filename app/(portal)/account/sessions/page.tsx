import { AskFirst } from "#components/sessions/ask-first.tsx";
import { BrowserTable } from "#components/sessions/browser-table.tsx";
import { RowButton } from "#components/sessions/row-button.tsx";
import { SessionTable, type ShownSession } from "#components/sessions/session-table.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { listOwnSessions } from "#lib/auth/session/list-own-sessions.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { endSessionAction, endSessionsAction, forgetBrowserAction, forgetBrowsersAction } from "./actions.ts";

export const metadata = { title: "Sessions" };

type Listed = Awaited<ReturnType<typeof listOwnSessions>>;

export default async function OwnSessionsPage({ searchParams }: PageProps<"/account/sessions">) {
  const ctx = await requireContext();
  const listed = await load(listOwnSessions(ctx));
  const { done } = await searchParams;
  const sentence = typeof done === "string" && Object.hasOwn(SENTENCES, done) ? SENTENCES[done] : undefined;
  return (
    <div className="grid gap-6">
      {sentence && (
        <Notice tone="success" role="status">
          {sentence}
        </Notice>
      )}
      <Sessions {...listed} />
      <Browsers {...listed} />
    </div>
  );
}

/** Words of ours only: nothing from the address is shown. */
const SENTENCES: Record<string, string> = {
  ended: "The session has ended.",
  "others-ended": "All other sessions have ended.",
  forgotten: "The browser is forgotten.",
  "all-forgotten": "All browsers are forgotten.",
};

function Sessions({ sessions, timeZone }: Listed) {
  const end = (session: ShownSession) => (session.isHere ? <SignOut /> : <EndOne session={session} />);
  return (
    <Card
      title="Sessions"
      description="Where you are signed in. End what you do not know, and tell an administrator of your firm."
      flush
      footer={<EndMany others={sessions.some(({ isHere }) => !isHere)} />}
    >
      <SessionTable caption="Your sessions" sessions={sessions} timeZone={timeZone} end={end} />
    </Card>
  );
}

function SignOut() {
  return (
    <form method="post" action="/sign-out">
      <Button type="submit" tone="quiet" size="small">
        Sign out
      </Button>
    </form>
  );
}

function EndOne({ session: { id, browser, address } }: { session: ShownSession }) {
  return (
    <RowButton
      action={endSessionAction}
      fields={{ sessionId: id }}
      press="End"
      about={`${browser}, ${address}`}
    />
  );
}

function EndMany({ others }: { others: boolean }) {
  return (
    <div className="flex flex-wrap gap-3">
      {others && (
        <AskFirst
          action={endSessionsAction}
          fields={{ which: "others" }}
          press="End all others"
          question="End all other sessions?"
          confirm="End all others"
        >
          <p>You stay signed in here. Everywhere else you have to sign in again.</p>
        </AskFirst>
      )}
      <AskFirst
        action={endSessionsAction}
        fields={{ which: "all" }}
        press="End all"
        question="End all sessions?"
        confirm="End all"
      >
        <p>You have to sign in again, here too.</p>
      </AskFirst>
    </div>
  );
}

function Browsers({ browsers, timeZone }: Listed) {
  return (
    <Card
      title="Remembered browsers"
      description="They are not asked for your second factor until then. A forgotten one is asked at its next sign-in; a session that is open there stays, until you end it above."
      flush
      footer={
        browsers.length > 0 && (
          <AskFirst
            action={forgetBrowsersAction}
            press="Forget all"
            question="Forget all remembered browsers?"
            confirm="Forget all"
          >
            <p>Each sign-in asks for your second factor then, here too.</p>
          </AskFirst>
        )
      }
    >
      <BrowserTable
        caption="Remembered browsers"
        browsers={browsers}
        timeZone={timeZone}
        forget={({ id, browser }) => (
          <RowButton action={forgetBrowserAction} fields={{ browserId: id }} press="Forget" about={browser} />
        )}
      />
    </Card>
  );
}
