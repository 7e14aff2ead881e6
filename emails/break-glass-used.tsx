import { Layout, type MailProps, Paragraph } from "#emails/components/layout.tsx";
import { inertName, plainLine } from "#emails/components/plain-line.ts";

export type BreakGlassUsedProps = MailProps & {
  personName: string;
  /** As people of the firm read a time, with its zone. */
  whenText: string;
};

export const subject = ({ firmName }: BreakGlassUsedProps) =>
  `Break-glass was used at ${plainLine(firmName)}`;

/** To every administrator, whenever somebody has come in past the identity provider (J3). */
export default function BreakGlassUsed({ personName, whenText, ...mail }: BreakGlassUsedProps) {
  const person = inertName(personName);
  return (
    <Layout {...mail} title="Break-glass was used" preview={`By ${person}, on ${whenText}.`}>
      <Paragraph>
        {person} signed in to {inertName(mail.firmName)} by the break-glass passkey on {whenText}, past the
        identity provider.
      </Paragraph>
      <Paragraph>
        If you do not know why, ask {person} now, by another way than e-mail. Any administrator can end their
        sessions, and the break-glass under Settings, in an instant. The audit log says what they have done.
      </Paragraph>
    </Layout>
  );
}

BreakGlassUsed.PreviewProps = {
  firmName: "ACME Corporation",
  personName: "Ann Meyer",
  whenText: "28 November 2026 at 14:05 UTC",
} satisfies BreakGlassUsedProps;
