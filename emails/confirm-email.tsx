import { Button } from "#emails/components/button.tsx";
import { Code } from "#emails/components/code.tsx";
import { Layout, type MailProps, Paragraph } from "#emails/components/layout.tsx";
import { inertName, plainLine } from "#emails/components/plain-line.ts";

export type ConfirmEmailProps = MailProps & {
  /** Where it is confirmed, with the four digits. */
  url: string;
  code: string;
  expiresInHours: number;
};

export const subject = ({ firmName }: ConfirmEmailProps) =>
  `Confirm the new e-mail address of your ${plainLine(firmName)} account`;

/** To the address that somebody wants for the own account (SEC30). */
export default function ConfirmEmail({ url, code, expiresInHours, ...mail }: ConfirmEmailProps) {
  const firm = inertName(mail.firmName);
  return (
    <Layout {...mail} title="Is this your address?" preview={`For your account with ${firm}.`}>
      <Paragraph>
        Somebody, probably you, wants this to be the e-mail address of an account with {firm}. If that is you,
        open the link and type the code.
      </Paragraph>
      <Code>{code}</Code>
      <Button href={url} accent={mail.accent}>
        Confirm the Address
      </Button>
      <Paragraph quiet>
        The link and the code work for {expiresInHours} hours. If you have no account with {firm}, leave them
        alone, and nothing happens.
      </Paragraph>
    </Layout>
  );
}

ConfirmEmail.PreviewProps = {
  firmName: "ACME Corporation",
  url: "http://acme.portal.localhost:3000/confirm-email/preview",
  code: "4182",
  expiresInHours: 24,
} satisfies ConfirmEmailProps;
