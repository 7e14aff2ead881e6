import { Button } from "#emails/components/button.tsx";
import { Layout, type MailProps, Paragraph } from "#emails/components/layout.tsx";
import { inertName, plainLine } from "#emails/components/plain-line.ts";

export type SessionsEndedProps = MailProps & {
  /** As people of the firm read a time, with its zone. */
  whenText: string;
  url: string;
};

export const subject = ({ firmName }: SessionsEndedProps) =>
  `You were signed out of your ${plainLine(firmName)} account`;

/** To the owner of an account all of whose sessions an administrator has ended. */
export default function SessionsEnded({ whenText, url, ...mail }: SessionsEndedProps) {
  const firm = inertName(mail.firmName);
  return (
    <Layout {...mail} title="You were signed out everywhere" preview={`Signed out on ${whenText}.`}>
      <Paragraph>
        An administrator of {firm} ended all your sessions on {whenText}. Your account is as it was, and you
        can sign in again.
      </Paragraph>
      <Button href={url} accent={mail.accent}>
        Sign In
      </Button>
      <Paragraph quiet>If you do not know why, ask the administrators of {firm}.</Paragraph>
    </Layout>
  );
}

SessionsEnded.PreviewProps = {
  firmName: "ACME Corporation",
  whenText: "28 November 2026 at 14:05 UTC",
  url: "http://acme.portal.localhost:3000/sign-in",
} satisfies SessionsEndedProps;
