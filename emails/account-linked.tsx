import { Layout, type MailProps, Paragraph } from "#emails/components/layout.tsx";
import { NotMe } from "#emails/components/not-me.tsx";
import { inertName, plainLine } from "#emails/components/plain-line.ts";

export type AccountLinkedProps = MailProps & {
  /** The provider, as the firm calls it. */
  connectionName: string;
  whenText: string;
  /** Where the account can be frozen, with the four digits below. */
  url: string;
  code: string;
  expiresInDays: number;
};

export const subject = ({ firmName }: AccountLinkedProps) =>
  `You now sign in to ${plainLine(firmName)} by single sign-on`;

export default function AccountLinked(props: AccountLinkedProps) {
  const { connectionName, whenText, url, code, expiresInDays, ...mail } = props;
  const firm = inertName(mail.firmName);
  return (
    <Layout {...mail} title="You now sign in by single sign-on" preview={`Since ${whenText}.`}>
      <Paragraph>
        On {whenText} your account with {firm} was linked to {inertName(connectionName)}. You sign in there
        from now on. What you used before no longer opens the account, and you are signed out everywhere else.
      </Paragraph>
      <NotMe
        doubt="If this was not you"
        calm="If it was you, or if your firm told you about it"
        firm={firm}
        accent={mail.accent}
        url={url}
        code={code}
        expiresInDays={expiresInDays}
      />
    </Layout>
  );
}

AccountLinked.PreviewProps = {
  firmName: "ACME Corporation",
  connectionName: "ACME Entra ID",
  whenText: "28 November 2026 at 14:05 UTC",
  url: "http://acme.portal.localhost:3000/not-me/preview",
  code: "4182",
  expiresInDays: 30,
} satisfies AccountLinkedProps;
