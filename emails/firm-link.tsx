import { Button } from "#emails/components/button.tsx";
import { Code } from "#emails/components/code.tsx";
import { Layout, type MailProps, Paragraph } from "#emails/components/layout.tsx";
import { inertName, plainLine } from "#emails/components/plain-line.ts";

export type FirmLinkProps = MailProps & {
  /** The firm from which it was asked for. */
  askingFirm: string;
  /** Where one agrees, with the four digits. */
  url: string;
  code: string;
  expiresInHours: number;
};

export const subject = ({ firmName }: FirmLinkProps) =>
  `Link your ${plainLine(firmName)} account with another firm`;

/** To the owner of an address that has an account in two firms (X10). */
export default function FirmLink({ askingFirm, url, code, expiresInHours, ...mail }: FirmLinkProps) {
  const firm = inertName(mail.firmName);
  const other = inertName(askingFirm);
  return (
    <Layout {...mail} title="Link your two accounts?" preview={`${other} and ${firm}, on one start page.`}>
      <Paragraph>
        Somebody who is signed in at {other} with this e-mail address wants to see {firm} on the start page
        there. If that is you, open the link and type the code.
      </Paragraph>
      <Code>{code}</Code>
      <Button href={url} accent={mail.accent}>
        Link the Accounts
      </Button>
      <Paragraph quiet>
        The link works for {expiresInHours} hours. It signs nobody in: each firm keeps its own sign-in. If you
        have no account at {other}, leave it alone, and nothing happens.
      </Paragraph>
    </Layout>
  );
}

FirmLink.PreviewProps = {
  firmName: "Globex",
  askingFirm: "ACME Corporation",
  url: "http://globex.portal.localhost:3000/firm-link/preview",
  code: "4182",
  expiresInHours: 24,
} satisfies FirmLinkProps;
