import { Layout, type MailProps, Paragraph } from "#emails/components/layout.tsx";
import { inertName, plainLine } from "#emails/components/plain-line.ts";

export type AddressMovedProps = MailProps;

export const subject = ({ firmName }: AddressMovedProps) =>
  `Your ${plainLine(firmName)} account has another address now`;

/** To the address that an account had, after somebody of the firm has given it another one. It does not tell which. */
export default function AddressMoved(mail: AddressMovedProps) {
  const firm = inertName(mail.firmName);
  return (
    <Layout
      {...mail}
      title="Your account has another address now"
      preview={`${firm} sends nothing more to this one.`}
    >
      <Paragraph>
        An administrator of {firm} has changed the e-mail address of your account. You can no longer sign in
        with this one, and links that were sent here do not work any more.
      </Paragraph>
      <Paragraph>
        If you did not ask for that, tell {firm} by telephone or in person: only they can change it back.
      </Paragraph>
    </Layout>
  );
}

AddressMoved.PreviewProps = { firmName: "ACME Corporation" } satisfies AddressMovedProps;
