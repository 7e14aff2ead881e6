import { Layout, type MailProps, Paragraph } from "#emails/components/layout.tsx";
import { NotMe } from "#emails/components/not-me.tsx";
import { inertName, plainLine } from "#emails/components/plain-line.ts";

export type SignInCopiedProps = MailProps & {
  /** As people of the firm read a time, with its zone. */
  whenText: string;
  /** Where the account can be frozen, with the four digits below. */
  url: string;
  code: string;
  expiresInDays: number;
};

export const subject = ({ firmName }: SignInCopiedProps) =>
  `We ended a sign-in to your ${plainLine(firmName)} account`;

/** To the owner of a session whose old token came back, after it had been exchanged for a new one. */
export default function SignInCopied({ whenText, url, code, expiresInDays, ...mail }: SignInCopiedProps) {
  const firm = inertName(mail.firmName);
  return (
    <Layout {...mail} title="A sign-in of yours was ended" preview={`Ended on ${whenText}.`}>
      <Paragraph>
        A sign-in to your account with {firm} was used in two places at once, and was ended on {whenText} in
        both. Somebody may have copied it from one of your browsers.
      </Paragraph>
      <Paragraph>
        Sign in again, look at your sessions under Settings, and end those that you do not know. If this
        happens again, somebody may have access to your computer.
      </Paragraph>
      <NotMe
        doubt="If you think that somebody else was in your account"
        calm="Otherwise"
        firm={firm}
        accent={mail.accent}
        url={url}
        code={code}
        expiresInDays={expiresInDays}
      />
    </Layout>
  );
}

SignInCopied.PreviewProps = {
  firmName: "ACME Corporation",
  whenText: "28 November 2026 at 14:05 UTC",
  url: "http://acme.portal.localhost:3000/not-me/preview",
  code: "4182",
  expiresInDays: 30,
} satisfies SignInCopiedProps;
