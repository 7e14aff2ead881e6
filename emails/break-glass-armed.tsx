import { Layout, type MailProps, Paragraph } from "#emails/components/layout.tsx";
import { inertName, plainLine } from "#emails/components/plain-line.ts";

export type BreakGlassArmedProps = MailProps & {
  personName: string;
  proposerName: string;
  armedByName: string;
  /** Until when, as people of the firm read a time, with its zone. */
  untilText: string;
};

export const subject = ({ firmName }: BreakGlassArmedProps) =>
  `Break-glass is armed at ${plainLine(firmName)}`;

/** To every administrator, when two of them have given one member a way past the identity provider (J3, J4). */
export default function BreakGlassArmed(props: BreakGlassArmedProps) {
  const { personName, proposerName, armedByName, untilText, ...mail } = props;
  const person = inertName(personName);
  return (
    <Layout {...mail} title="Break-glass is armed" preview={`For ${person}, until ${untilText}.`}>
      <Paragraph>
        {person} can sign in to {inertName(mail.firmName)} by one passkey, past the identity provider, until{" "}
        {untilText}. {inertName(proposerName)} proposed it, and {inertName(armedByName)} armed it.
      </Paragraph>
      <Paragraph>
        If you did not expect this, speak to them, or end it under Settings: any administrator can, in an
        instant. You are told each time it is used.
      </Paragraph>
    </Layout>
  );
}

BreakGlassArmed.PreviewProps = {
  firmName: "ACME Corporation",
  personName: "Ann Meyer",
  proposerName: "Bob Stone",
  armedByName: "Cleo Park",
  untilText: "26 February 2027 at 14:05 UTC",
} satisfies BreakGlassArmedProps;
