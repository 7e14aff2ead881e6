import { Button } from "#emails/components/button.tsx";
import { Layout, type MailProps, Paragraph } from "#emails/components/layout.tsx";
import { inertName, plainLine } from "#emails/components/plain-line.ts";

export type PasswordExpiresProps = MailProps & {
  /** Where the password is changed by somebody who is signed in. */
  url: string;
  days: number;
  /** When it expires, as people of the firm read a time, with its zone. */
  whenText: string;
};

export const subject = ({ firmName, days }: PasswordExpiresProps) =>
  `Your ${plainLine(firmName)} password expires in ${inDays(days)}`;

export default function PasswordExpires({ url, days, whenText, ...mail }: PasswordExpiresProps) {
  const firm = inertName(mail.firmName);
  return (
    <Layout
      {...mail}
      title={`Your password expires in ${inDays(days)}`}
      preview={`It expires on ${whenText}.`}
    >
      <Paragraph>
        The password of your account with {firm} expires on {whenText}. Change it before then, and you can
        choose the moment.
      </Paragraph>
      <Button href={url} accent={mail.accent}>
        Change Your Password
      </Button>
      <Paragraph quiet>
        You sign in first. After that day you are asked for a new password when you sign in, and nothing is
        lost.
      </Paragraph>
    </Layout>
  );
}

function inDays(days: number): string {
  return days === 1 ? "1 day" : `${days} days`;
}

PasswordExpires.PreviewProps = {
  firmName: "ACME Corporation",
  url: "http://acme.portal.localhost:3000/account/password",
  days: 14,
  whenText: "22 November 2026 at 14:05 UTC",
} satisfies PasswordExpiresProps;
