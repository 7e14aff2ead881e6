import { Button } from "#emails/components/button.tsx";
import { Code } from "#emails/components/code.tsx";
import { Layout, type MailProps, Paragraph } from "#emails/components/layout.tsx";
import { inertName, plainLine } from "#emails/components/plain-line.ts";

export type TemporaryPasswordProps = MailProps & {
  /** The sign-in page; it carries no secret. */
  url: string;
  /** Four groups of four, to be typed or copied. */
  temporaryPassword: string;
  expiresInHours: number;
  /** Only where the firm wants it beside a secret (X6). */
  username?: string;
};

export const subject = ({ firmName }: TemporaryPasswordProps) =>
  `Your temporary ${plainLine(firmName)} password`;

export default function TemporaryPassword(props: TemporaryPasswordProps) {
  const { url, temporaryPassword, expiresInHours, username, ...mail } = props;
  const firm = inertName(mail.firmName);
  return (
    <Layout
      {...mail}
      title="Sign in with a temporary password"
      preview={`It works once, for ${expiresInHours} hours.`}
    >
      <Paragraph>
        This is a temporary password for your account with {firm}. Sign in with{" "}
        {username ? "your username" : "your username or e-mail address"} and this password. You will be asked
        to choose a password of your own at once.
      </Paragraph>
      {username && <Code label="Username">{plainLine(username)}</Code>}
      <Code label="Temporary password">{temporaryPassword}</Code>
      <Button href={url} accent={mail.accent}>
        Sign In
      </Button>
      <Paragraph>
        It works once, for {expiresInHours} hours. Nobody from {firm} will ever ask you for it.
      </Paragraph>
      <Paragraph quiet>
        If you did not expect it, ignore this e-mail. Nothing changes until somebody signs in with it.
      </Paragraph>
    </Layout>
  );
}

TemporaryPassword.PreviewProps = {
  firmName: "ACME Corporation",
  url: "http://acme.portal.localhost:3000/sign-in",
  temporaryPassword: "QW7K-M3TD-9HRP-XB4N",
  expiresInHours: 48,
} satisfies TemporaryPasswordProps;
