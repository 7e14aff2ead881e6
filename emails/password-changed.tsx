import { Layout, type MailProps, Paragraph } from "#emails/components/layout.tsx";
import { NotMe } from "#emails/components/not-me.tsx";
import { inertName, plainLine } from "#emails/components/plain-line.ts";

export type PasswordChangedProps = MailProps & {
  /** As people of the firm read a time, with its zone. */
  whenText: string;
  /** Where the account can be frozen, with the four digits below. */
  url: string;
  code: string;
  expiresInDays: number;
};

export const subject = ({ firmName }: PasswordChangedProps) =>
  `Your ${plainLine(firmName)} password was changed`;

export default function PasswordChanged(props: PasswordChangedProps) {
  const { whenText, url, code, expiresInDays, ...mail } = props;
  const firm = inertName(mail.firmName);
  return (
    <Layout {...mail} title="Your password was changed" preview={`Changed on ${whenText}.`}>
      <Paragraph>
        The password of your account with {firm} was changed on {whenText}. If it was you, there is nothing to
        do.
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

PasswordChanged.PreviewProps = {
  firmName: "ACME Corporation",
  whenText: "22 November 2026 at 14:05 UTC",
  url: "http://acme.portal.localhost:3000/not-me/preview",
  code: "4182",
  expiresInDays: 30,
} satisfies PasswordChangedProps;
