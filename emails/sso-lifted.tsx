import { Layout, type MailProps, Paragraph } from "#emails/components/layout.tsx";
import { inertName, plainLine } from "#emails/components/plain-line.ts";

export type SsoLiftedProps = MailProps & {
  /** Who did it. */
  personName: string;
  /** As people of the firm read a time, with its zone. */
  whenText: string;
};

export const subject = ({ firmName }: SsoLiftedProps) =>
  `SSO is not required any more at ${plainLine(firmName)}`;

/** To every administrator, when passwords and passkeys open accounts again (G5). */
export default function SsoLifted({ personName, whenText, ...mail }: SsoLiftedProps) {
  const person = inertName(personName);
  return (
    <Layout {...mail} title="SSO is not required any more" preview={`By ${person}, on ${whenText}.`}>
      <Paragraph>
        {person} lifted the requirement to sign in to {inertName(mail.firmName)} by single sign-on, on{" "}
        {whenText}. Passwords and passkeys of people who are not linked to an identity provider open their
        accounts again, at once.
      </Paragraph>
      <Paragraph>
        If you do not know why, speak to {person}. Any administrator can require SSO again, under Settings.
      </Paragraph>
    </Layout>
  );
}

SsoLifted.PreviewProps = {
  firmName: "ACME Corporation",
  personName: "Ann Meyer",
  whenText: "28 November 2026 at 14:05 UTC",
} satisfies SsoLiftedProps;
