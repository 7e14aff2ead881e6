import { AskFirst } from "#components/sessions/ask-first.tsx";
import { BrowserTable } from "#components/sessions/browser-table.tsx";
import { RowButton } from "#components/sessions/row-button.tsx";
import { SessionTable } from "#components/sessions/session-table.tsx";
import { Card } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { listMemberSessions } from "#lib/auth/session/list-member-sessions.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { MemberHeader } from "../member-header.tsx";
import { endMemberSessionAction, endMemberSessionsAction, forgetMemberBrowsersAction } from "./actions.ts";

export const metadata = { title: "Sessions" };

type Listed = Awaited<ReturnType<typeof listMemberSessions>>;

/** Where one person is signed in, for whoever may end it. */
export default async function MemberSessionsPage({
  params,
  searchParams,
}: PageProps<"/members/[id]/sessions">) {
  const ctx = await requireContext();
  const listed = await load(listMemberSessions(ctx, (await params).id));
  const { done } = await searchParams;
  const sentence = typeof done === "string" && Object.hasOwn(SENTENCES, done) ? SENTENCES[done] : undefined;
  return (
    <>
      <MemberHeader ctx={ctx} member={listed.member} description={undefined} tab="sessions" />
      <div className="grid gap-6">
        {sentence && (
          <Notice tone="success" role="status">
            {sentence}
          </Notice>
        )}
        <Sessions {...listed} />
        <Browsers {...listed} />
      </div>
    </>
  );
}

/** Words of ours only: nothing from the address is shown. */
const SENTENCES: Record<string, string> = {
  ended: "The session has ended.",
  "all-ended": "All sessions have ended.",
  "all-forgotten": "All browsers are forgotten.",
};

function Sessions({ member, isOwn, sessions, timeZone }: Listed) {
  return (
    <Card
      title="Sessions"
      description={`Where ${member.name} is signed in.`}
      flush
      footer={
        sessions.length > 0 && (
          <AskFirst
            action={endMemberSessionsAction}
            fields={{ memberId: member.id }}
            press="End all"
            question={`Sign ${member.name} out everywhere?`}
            confirm="End all"
          >
            {isOwn ? (
              <p>These are your own: you have to sign in again, here too.</p>
            ) : (
              <p>
                {member.name} has to sign in again, and is told by e-mail. To keep somebody out, disable the
                account instead.
              </p>
            )}
          </AskFirst>
        )
      }
    >
      <SessionTable
        caption={`Sessions of ${member.name}`}
        sessions={sessions}
        timeZone={timeZone}
        end={({ id, browser, address }) => (
          <RowButton
            action={endMemberSessionAction}
            fields={{ memberId: member.id, sessionId: id }}
            press="End"
            about={`${browser}, ${address}`}
          />
        )}
      />
    </Card>
  );
}

function Browsers({ member, browsers, timeZone }: Listed) {
  return (
    <Card
      title="Remembered browsers"
      description={`In these ${member.name} is not asked for a second factor.`}
      flush
      footer={
        browsers.length > 0 && (
          <AskFirst
            action={forgetMemberBrowsersAction}
            fields={{ memberId: member.id }}
            press="Forget all"
            question={`Forget all browsers of ${member.name}?`}
            confirm="Forget all"
          >
            <p>Each sign-in asks for the second factor then.</p>
          </AskFirst>
        )
      }
    >
      <BrowserTable
        caption={`Remembered browsers of ${member.name}`}
        browsers={browsers}
        timeZone={timeZone}
      />
    </Card>
  );
}
