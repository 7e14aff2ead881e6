import { Layout, type MailProps, Paragraph } from "#emails/components/layout.tsx";
import { inertName, plainLine } from "#emails/components/plain-line.ts";

export type PasswordChangedProps = MailProps & {
  /** As people of the firm read a time, with its zone. */
  whenText: string;
  supportContact?: string;
};

export const subject = ({ firmName }: PasswordChangedProps) =>
  `Your ${plainLine(firmName)} password was changed`;

/** A notice without a link: people learn to go to the portal by themselves when a mail alarms them. */
export default function PasswordChanged({ whenText, supportContact, ...mail }: PasswordChangedProps) {
  const firm = inertName(mail.firmName);
  return (
    <Layout {...mail} title="Your password was changed" preview={`Changed on ${whenText}.`}>
      <Paragraph>
        The password of your account with {firm} was changed on {whenText}. All other devices have been signed
        out.
      </Paragraph>
      <Paragraph>If it was you, there is nothing to do.</Paragraph>
      <Paragraph>
        If this was not you, open the sign-in page of {firm} now, choose “Forgot password” and set a new one.
        {supportContact ? ` Then tell ${plainLine(supportContact)}.` : " Then tell your contact at the firm."}
      </Paragraph>
    </Layout>
  );
}

PasswordChanged.PreviewProps = {
  firmName: "ACME Corporation",
  whenText: "22 November 2026, 14:05 (UTC)",
  supportContact: "the ACME help desk, +49 30 1234567",
} satisfies PasswordChangedProps;
