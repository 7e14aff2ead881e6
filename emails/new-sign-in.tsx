import { Layout, type MailProps, Paragraph } from "#emails/components/layout.tsx";
import { NotMe } from "#emails/components/not-me.tsx";
import { inertName, plainLine } from "#emails/components/plain-line.ts";

export type NewSignInProps = MailProps & {
  /** As people of the firm read a time, with its zone. */
  whenText: string;
  /** What the browser calls itself, in words of ours. */
  browserText: string;
  /** Where it came from, without its last parts. */
  addressText: string;
  /** Where the account can be frozen, with the four digits below. */
  url: string;
  code: string;
  expiresInDays: number;
};

export const subject = ({ firmName }: NewSignInProps) => `New sign-in to your ${plainLine(firmName)} account`;

export default function NewSignIn(props: NewSignInProps) {
  const { whenText, browserText, addressText, url, code, expiresInDays, ...mail } = props;
  const firm = inertName(mail.firmName);
  return (
    <Layout {...mail} title="You signed in on a new device" preview={`${browserText}, ${whenText}.`}>
      <Paragraph>
        Somebody signed in to your account with {firm} in a browser that it had not seen before: {browserText}
        , from the address {addressText}, on {whenText}. If it was you, there is nothing to do.
      </Paragraph>
      <NotMe
        doubt="If this was not you"
        calm="If it was you"
        firm={firm}
        accent={mail.accent}
        url={url}
        code={code}
        expiresInDays={expiresInDays}
      />
    </Layout>
  );
}

NewSignIn.PreviewProps = {
  firmName: "ACME Corporation",
  whenText: "28 November 2026 at 14:05 UTC",
  browserText: "Firefox on Windows",
  addressText: "203.0.…",
  url: "http://acme.portal.localhost:3000/not-me/preview",
  code: "4182",
  expiresInDays: 30,
} satisfies NewSignInProps;
