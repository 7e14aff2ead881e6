import { Button } from "#emails/components/button.tsx";
import { Code } from "#emails/components/code.tsx";
import { Layout, type MailProps, Paragraph } from "#emails/components/layout.tsx";
import { inertName, plainLine } from "#emails/components/plain-line.ts";

export type ResetPasswordProps = MailProps & {
  url: string;
  /** Six digits; undefined where the firm's link is enough. */
  code?: string;
  expiresInMinutes: number;
  /** Only where the firm wants it beside a secret (X6). */
  username?: string;
  /** Whom to turn to, as a sentence can name it. */
  supportContact?: string;
};

export const subject = ({ firmName }: ResetPasswordProps) => `Reset your ${plainLine(firmName)} password`;

/** It names neither the address of the account nor, unless the firm says so, its username. */
export default function ResetPassword(props: ResetPasswordProps) {
  const { url, code, expiresInMinutes, username, supportContact, ...mail } = props;
  const firm = inertName(mail.firmName);
  const once = `${code ? "The link and the code work" : "The link works"} once, for ${expiresInMinutes} minutes.`;
  return (
    <Layout
      {...mail}
      title="Choose a new password"
      preview={once}
      footer={supportContact && `Questions? Turn to ${plainLine(supportContact)}.`}
    >
      <Paragraph>
        Someone, probably you, asked to reset the password of your account with {firm}.{" "}
        {code
          ? "Open the link, type the code, and choose a new password."
          : "Open the link and choose a new password."}
      </Paragraph>
      {username && <Code label="Username">{plainLine(username)}</Code>}
      {code && <Code>{code}</Code>}
      <Button href={url} accent={mail.accent}>
        Reset Password
      </Button>
      <Paragraph>
        {once} Nobody from {firm} will ever ask you for {code ? "the code" : "the link"}.
      </Paragraph>
      <Paragraph quiet>If it was not you, ignore this e-mail. Your password stays as it is.</Paragraph>
    </Layout>
  );
}

ResetPassword.PreviewProps = {
  firmName: "ACME Corporation",
  url: "http://acme.portal.localhost:3000/reset-password/preview",
  code: "418206",
  expiresInMinutes: 15,
  supportContact: "the ACME help desk, +49 30 1234567",
} satisfies ResetPasswordProps;
