import { Button } from "#emails/components/button.tsx";
import { Code } from "#emails/components/code.tsx";
import { Layout, type MailProps, Paragraph } from "#emails/components/layout.tsx";
import { inertName, plainLine } from "#emails/components/plain-line.ts";

export type InvitationProps = MailProps & {
  url: string;
  expiresInDays: number;
  inviterName?: string;
  /** Only where the firm wants it beside a secret (X6). */
  username?: string;
};

export const subject = ({ firmName }: InvitationProps) => `Your invitation to ${plainLine(firmName)}`;

export default function Invitation({ url, expiresInDays, inviterName, username, ...mail }: InvitationProps) {
  const firm = inertName(mail.firmName);
  const days = expiresInDays === 1 ? "1 day" : `${expiresInDays} days`;
  return (
    <Layout {...mail} title={`Welcome to ${firm}`} preview={`Set up your account within ${days}.`}>
      <Paragraph>
        {inviterName ? `${inertName(inviterName)} has invited you` : "You are invited"} to the portal of{" "}
        {firm}. Set up your account to sign in.
      </Paragraph>
      {username && <Code label="Username">{plainLine(username)}</Code>}
      <Button href={url} accent={mail.accent}>
        Set Up Your Account
      </Button>
      <Paragraph>The link works once, for {days}.</Paragraph>
      <Paragraph quiet>If you did not expect this invitation, ignore this e-mail.</Paragraph>
    </Layout>
  );
}

Invitation.PreviewProps = {
  firmName: "ACME Corporation",
  url: "http://acme.portal.localhost:3000/invitation/preview",
  expiresInDays: 7,
  inviterName: "Ann Meyer",
} satisfies InvitationProps;
