import { ActionForm } from "#components/form/action-form.tsx";
import { Field } from "#components/form/field.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { VisuallyHidden } from "#components/ui/visually-hidden.tsx";
import { listLinkedFirms } from "#lib/firms/list-linked-firms.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { NEEDS } from "../../needs.ts";
import { requestFirmLinkAction, unlinkFirmAction } from "./actions.ts";

export const metadata = { title: "Firms" };

type LinkedFirm = Awaited<ReturnType<typeof listLinkedFirms>>[number];

export default async function LinkedFirmsPage({ searchParams }: PageProps<"/account/firms">) {
  const ctx = await requireContext();
  const firms = await load(listLinkedFirms(ctx));
  const { unlinked } = await searchParams;

  return (
    <div className="grid gap-6">
      {unlinked !== undefined && (
        <Notice tone="success" role="status">
          The link has ended, in both firms. The accounts are as they were.
        </Notice>
      )}
      <Card
        title="Linked firms"
        description="Your accounts in other firms. They are on your start page, and you are on theirs; each asks for its own sign-in."
      >
        {firms.length === 0 ? (
          <p className="text-ink-muted">No other firm is linked yet.</p>
        ) : (
          <ul className="grid gap-4">
            {firms.map((firm) => (
              <LinkedFirmItem key={firm.id} firm={firm} />
            ))}
          </ul>
        )}
      </Card>
      <Card title="Link another firm" description="Where you have an account with the same e-mail address.">
        {ctx.actor.email ? (
          <ActionForm
            action={requestFirmLinkAction}
            id="link-firm"
            label="Link another firm"
            steps={{ asked: <Asked address={ctx.actor.email} /> }}
          >
            <Field
              name="firm"
              label="Address of the firm"
              hint="As in your browser when you sign in there, or its first word."
              required
              maxLength={254}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
            />
            <Submit>Send E-mail</Submit>
          </ActionForm>
        ) : (
          <p>Your account has no e-mail address that another firm could know. Ask your firm for one.</p>
        )}
      </Card>
    </div>
  );
}

function LinkedFirmItem({ firm }: { firm: LinkedFirm }) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <p className="font-semibold">{firm.name}</p>
        <p className="text-ink-muted text-sm">as {firm.username}</p>
      </div>
      <div className="flex flex-wrap items-center gap-3">
        <Badge tone={NEEDS[firm.need].tone}>{NEEDS[firm.need].label}</Badge>
        <ActionForm action={unlinkFirmAction} id={`unlink-${firm.id}`} label={`Unlink ${firm.name}`}>
          <Hidden name="firmId" value={firm.id} />
          <Submit tone="quiet" size="small">
            Unlink<VisuallyHidden> {firm.name}</VisuallyHidden>
          </Submit>
        </ActionForm>
      </div>
    </li>
  );
}

/** The same whatever there is: who has an account where is nobody else's to find out. */
function Asked({ address }: { address: string }) {
  return (
    <div data-focus>
      <Notice tone="success" role="status" title="Look into your mailbox">
        If that firm has an account with {address}, it has sent an e-mail there. Open its link and type the 4
        digits in it. No e-mail? Then it has none: check the firm’s address, or ask its administrator.
      </Notice>
    </div>
  );
}
