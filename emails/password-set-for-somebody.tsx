import { Layout, type MailProps, Paragraph } from "#emails/components/layout.tsx";
import { inertName, plainLine } from "#emails/components/plain-line.ts";

export type PasswordSetForSomebodyProps = MailProps & {
  /** Whose password it is: the name alone, neither address nor username. */
  personName: string;
  /** As people of the firm read a time, with its zone. */
  whenText: string;
  goodForHours: number;
};

export const subject = ({ firmName }: PasswordSetForSomebodyProps) =>
  `You set somebody’s ${plainLine(firmName)} password`;

/** To the administrator in whose name it was done (X1). */
export default function PasswordSetForSomebody(props: PasswordSetForSomebodyProps) {
  const { personName, whenText, goodForHours, ...mail } = props;
  const person = inertName(personName);
  return (
    <Layout {...mail} title="You set a password" preview={`For ${person}, on ${whenText}.`}>
      <Paragraph>
        You set a temporary password for {person} on {whenText}. It is good for {goodForHours} hours and has
        to be changed at the first sign-in.
      </Paragraph>
      <Paragraph>
        Tell {person} the password in person or by telephone, never by e-mail. What {person} gets by e-mail
        says that it was set, and not what it is.
      </Paragraph>
      <Paragraph>
        If this was not you, somebody else is using your account. Change your own password now and tell
        another administrator of {inertName(mail.firmName)}.
      </Paragraph>
    </Layout>
  );
}

PasswordSetForSomebody.PreviewProps = {
  firmName: "ACME Corporation",
  personName: "Ann Meyer",
  whenText: "22 November 2026 at 14:05 UTC",
  goodForHours: 48,
} satisfies PasswordSetForSomebodyProps;
