import { ActionForm } from "#components/form/action-form.tsx";
import { Field } from "#components/form/field.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Select } from "#components/form/select.tsx";
import { Submit } from "#components/form/submit.tsx";
import { Facts } from "#components/members/facts.tsx";
import { Card } from "#components/ui/card.tsx";
import { Moment } from "#components/ui/moment.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { type ConnectionReading, getConnection } from "#lib/auth/sso/connections/get-connection.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { revokeSetupLinkAction, sendSetupLinkAction } from "../../actions.ts";
import { ConnectionHeader } from "../connection-header.tsx";

export const metadata = { title: "Set-up link" };

export default async function SetupLinkPage({
  params,
  searchParams,
}: PageProps<"/settings/sso/[id]/setup-link">) {
  const ctx = await requireContext();
  const { connection, setupLink } = await load(getConnection(ctx, (await params).id));
  const { sent, ended } = await searchParams;
  return (
    <>
      <ConnectionHeader connection={connection} part="none" />
      <div className="grid max-w-3xl gap-6">
        {sent !== undefined && <Notice tone="success" role="status" title="The link is on its way." />}
        {ended !== undefined && (
          <Notice tone="success" role="status" title="The link does not work any more." />
        )}
        {setupLink && <Active link={setupLink} />}
        <Card
          title={setupLink ? "Send another link" : "Send a set-up link"}
          description="For one person who knows the provider. The link opens the draft of this connection and nothing else: no account, no other page. You test the draft and put it into service yourself."
        >
          <ActionForm action={sendSetupLinkAction} id="send" label="Send a set-up link">
            <Hidden name="connectionId" value={connection.id} />
            <Field
              name="toAddress"
              label="E-mail address"
              type="email"
              inputMode="email"
              required
              maxLength={254}
              hint={setupLink ? "The link above ends when this one is sent." : undefined}
              unmanaged
            />
            <Select name="minutes" label="It works for" defaultValue="1440" options={LIFETIMES} />
            <Submit tone={setupLink ? "quiet" : "primary"}>Send link</Submit>
          </ActionForm>
        </Card>
      </div>
    </>
  );
}

const LIFETIMES = [
  { value: "5", label: "5 minutes" },
  { value: "60", label: "1 hour" },
  { value: "1440", label: "1 day" },
  { value: "4320", label: "3 days" },
  { value: "10080", label: "7 days" },
];

type Link = NonNullable<ConnectionReading["setupLink"]>;

function Active({ link: { id, toAddress, expiresAt, openedAt } }: { link: Link }) {
  return (
    <Card title="A link works now">
      <div className="grid gap-4">
        <Facts
          facts={[
            { label: "Sent to", value: toAddress },
            { label: "Until", value: <Moment at={expiresAt} /> },
            { label: "Opened", value: openedAt ? <Moment at={openedAt} /> : "Not yet" },
          ]}
        />
        <ActionForm action={revokeSetupLinkAction} id="end" label="End the link">
          <Hidden name="linkId" value={id} />
          <Submit tone="quiet">End the link</Submit>
        </ActionForm>
      </div>
    </Card>
  );
}
