import { Fragment } from "react";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { listMail } from "#lib/inbox/list-mail.ts";
import { requestTenant } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";

export const metadata = { title: "Development inbox" };

/** What the built-in SMTP receiver got. There is none where mail leaves the machine (DEC3). */
export default async function InboxPage() {
  const tenant = await requestTenant();
  const mails = await load(listMail(tenant?.slug));
  return (
    <main className="mx-auto grid max-w-3xl gap-6 p-6">
      <header>
        <h1>Development inbox</h1>
        <p className="mt-2 text-ink-muted">
          {tenant ? `Mail of ${tenant.name}` : "Mail of all firms"} that this portal has sent, newest first.
          It never left this machine. Reload the page to see new mail.
        </p>
      </header>
      {mails.length === 0 && <EmptyState title="No mail yet" />}
      {mails.map((mail) => (
        <Card key={mail.id} title={mail.subject} description={`To ${mail.to} · ${mail.headers.date ?? ""}`}>
          <pre className="wrap-anywhere whitespace-pre-wrap font-sans">
            <Linked text={mail.text} />
          </pre>
        </Card>
      ))}
    </main>
  );
}

/** The text with its links made pressable. */
function Linked({ text }: { text: string }) {
  return text.split(/(https?:\/\/[^\s<>"]+)/).map((part, index) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a received text never change their order.
    return <Fragment key={index}>{index % 2 === 1 ? <a href={part}>{part}</a> : part}</Fragment>;
  });
}
