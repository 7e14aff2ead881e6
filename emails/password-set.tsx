import { Layout, type MailProps, Paragraph } from "#emails/components/layout.tsx";
import { NotMe } from "#emails/components/not-me.tsx";
import { inertName, plainLine } from "#emails/components/plain-line.ts";

export type PasswordSetProps = MailProps & {
  /** As people of the firm read a time, with its zone. */
  whenText: string;
  /** How long the password is good that was set. */
  goodForHours: number;
  /** Where the account can be frozen, with the four digits below. */
  url: string;
  code: string;
  expiresInDays: number;
};

export const subject = ({ firmName }: PasswordSetProps) =>
  `A new password was set for your ${plainLine(firmName)} account`;

/** To the owner of an account whose password an administrator has typed (X1). It never holds that password. */
export default function PasswordSet(props: PasswordSetProps) {
  const { whenText, goodForHours, url, code, expiresInDays, ...mail } = props;
  const firm = inertName(mail.firmName);
  return (
    <Layout {...mail} title="A password was set for you" preview={`Set on ${whenText}.`}>
      <Paragraph>
        An administrator of {firm} set a new password for your account on {whenText}. It is temporary: it is
        good for {goodForHours} hours, and when you sign in with it you choose one of your own.
      </Paragraph>
      <Paragraph>
        The password is in no e-mail. Whoever set it tells you. Everybody who was signed in to your account
        has been signed out.
      </Paragraph>
      <NotMe
        doubt="If you know nothing of this and nobody can tell you why it was done"
        calm="If you asked for it"
        firm={firm}
        accent={mail.accent}
        url={url}
        code={code}
        expiresInDays={expiresInDays}
      />
    </Layout>
  );
}

PasswordSet.PreviewProps = {
  firmName: "ACME Corporation",
  whenText: "22 November 2026 at 14:05 UTC",
  goodForHours: 48,
  url: "http://acme.portal.localhost:3000/not-me/preview",
  code: "4182",
  expiresInDays: 30,
} satisfies PasswordSetProps;
