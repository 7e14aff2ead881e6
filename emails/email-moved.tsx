import { Button } from "#emails/components/button.tsx";
import { Code } from "#emails/components/code.tsx";
import { Layout, type MailProps, Paragraph } from "#emails/components/layout.tsx";
import { inertName, plainLine } from "#emails/components/plain-line.ts";

export type EmailMovedProps = MailProps & {
  /** Where it is undone, with the four digits. */
  url: string;
  code: string;
  expiresInDays: number;
};

export const subject = ({ firmName }: EmailMovedProps) =>
  `The e-mail address of your ${plainLine(firmName)} account has changed`;

/** To the address that an account had until its owner gave it another one (SEC30). It does not tell the new one. */
export default function EmailMoved({ url, code, expiresInDays, ...mail }: EmailMovedProps) {
  const firm = inertName(mail.firmName);
  return (
    <Layout
      {...mail}
      title="Your account has another address now"
      preview={`Was it you? It can be undone for ${expiresInDays} days.`}
    >
      <Paragraph>
        Somebody who knows the password has given your account with {firm} another e-mail address, and it was
        confirmed there. If that was you, there is nothing to do.
      </Paragraph>
      <Paragraph>
        If it was not, open the link and type the code. Then this is your address again, everybody is signed
        out, and you choose a new password.
      </Paragraph>
      <Code>{code}</Code>
      <Button href={url} accent={mail.accent}>
        Undo the Change
      </Button>
      <Paragraph quiet>The link and the code work for {expiresInDays} days.</Paragraph>
    </Layout>
  );
}

EmailMoved.PreviewProps = {
  firmName: "ACME Corporation",
  url: "http://acme.portal.localhost:3000/email-undo/preview",
  code: "4182",
  expiresInDays: 7,
} satisfies EmailMovedProps;
