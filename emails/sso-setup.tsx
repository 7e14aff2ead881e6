import { Button } from "#emails/components/button.tsx";
import { Layout, type MailProps, Paragraph } from "#emails/components/layout.tsx";
import { inertName, plainLine } from "#emails/components/plain-line.ts";

export type SsoSetupProps = MailProps & {
  connectionName: string;
  /** Where the connection is filled in, without an account. */
  url: string;
  /** As people read a time, with its zone. */
  untilText: string;
};

export const subject = ({ firmName }: SsoSetupProps) => `Set up single sign-on for ${plainLine(firmName)}`;

/** To one person outside the firm, or without an account, who knows its identity provider (G3). */
export default function SsoSetup({ connectionName, url, untilText, ...mail }: SsoSetupProps) {
  const firm = inertName(mail.firmName);
  return (
    <Layout {...mail} title="Set up single sign-on" preview={`For ${firm}, until ${untilText}.`}>
      <Paragraph>
        {firm} asks you to connect its identity provider, “{inertName(connectionName)}”. The page shows what
        to enter there, and takes what the portal needs from it.
      </Paragraph>
      <Button href={url} accent={mail.accent}>
        Open the Form
      </Button>
      <Paragraph>
        The link works until {untilText}, for this one connection and nothing else. Whoever has it can use it:
        do not pass it on. What you enter signs nobody in before somebody of {firm} has tested it.
      </Paragraph>
      <Paragraph quiet>If you do not know what this is about, leave it alone, and nothing happens.</Paragraph>
    </Layout>
  );
}

SsoSetup.PreviewProps = {
  firmName: "ACME Corporation",
  connectionName: "ACME Entra ID",
  url: "http://acme.portal.localhost:3000/sso/setup/preview",
  untilText: "28 November 2026 at 14:05 UTC",
} satisfies SsoSetupProps;
