import { Button } from "#emails/components/button.tsx";
import { Code } from "#emails/components/code.tsx";
import { Layout, type MailProps, Paragraph } from "#emails/components/layout.tsx";
import { inertName, plainLine } from "#emails/components/plain-line.ts";

export type ResetPasswordProps = MailProps & {
  url: string;
  /** Six digits. */
  code: string;
  expiresInMinutes: number;
  /** Whom to turn to, as a sentence can name it. */
  supportContact?: string;
};

export const subject = ({ firmName }: ResetPasswordProps) => `Reset your ${plainLine(firmName)} password`;

/** It names neither the username nor the address of the account: they never travel beside a secret. */
export default function ResetPassword(props: ResetPasswordProps) {
  const { url, code, expiresInMinutes, supportContact, ...mail } = props;
  return (
    <Layout
      {...mail}
      title="Choose a new password"
      preview={`The link and the code work once, for ${expiresInMinutes} minutes.`}
      footer={supportContact && `Questions? Turn to ${plainLine(supportContact)}.`}
    >
      <Paragraph>
        Someone, probably you, asked to reset the password of your account with {inertName(mail.firmName)}.
        Open the link, type the code, and choose a new password.
      </Paragraph>
      <Code>{code}</Code>
      <Button href={url} accent={mail.accent}>
        Reset Password
      </Button>
      <Paragraph>
        The link and the code work once, for {expiresInMinutes} minutes. Nobody from{" "}
        {inertName(mail.firmName)} will ever ask you for the code.
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
