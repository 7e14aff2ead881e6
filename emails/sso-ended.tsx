import { Layout, type MailProps, Paragraph } from "#emails/components/layout.tsx";
import { NotMe } from "#emails/components/not-me.tsx";
import { inertName, plainLine } from "#emails/components/plain-line.ts";

export type SsoEndedProps = MailProps & {
  /** The provider, as the firm calls it. */
  connectionName: string;
  whenText: string;
  /** Where the account can be frozen, with the four digits below. */
  url: string;
  code: string;
  expiresInDays: number;
};

export const subject = ({ firmName }: SsoEndedProps) =>
  `You no longer sign in to ${plainLine(firmName)} by single sign-on`;

export default function SsoEnded(props: SsoEndedProps) {
  const { connectionName, whenText, url, code, expiresInDays, ...mail } = props;
  const firm = inertName(mail.firmName);
  return (
    <Layout {...mail} title="You no longer sign in by single sign-on" preview={`Since ${whenText}.`}>
      <Paragraph>
        On {whenText} your account with {firm} was parted from {inertName(connectionName)}, which no longer
        opens it. You are signed out everywhere. To get in again, choose “Forgot password” where you sign in:
        a link to choose a password comes to this address.
      </Paragraph>
      <NotMe
        doubt="If you did not expect this"
        calm="If your firm told you about it"
        firm={firm}
        accent={mail.accent}
        url={url}
        code={code}
        expiresInDays={expiresInDays}
      />
    </Layout>
  );
}

SsoEnded.PreviewProps = {
  firmName: "ACME Corporation",
  connectionName: "ACME Entra ID",
  whenText: "28 November 2026 at 14:05 UTC",
  url: "http://acme.portal.localhost:3000/not-me/preview",
  code: "4182",
  expiresInDays: 30,
} satisfies SsoEndedProps;
