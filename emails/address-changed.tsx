import { Button } from "#emails/components/button.tsx";
import { Layout, type MailProps, Paragraph } from "#emails/components/layout.tsx";
import { inertName, plainLine } from "#emails/components/plain-line.ts";

export type AddressChangedProps = MailProps & {
  /** The sign-in page; it carries no secret. */
  url: string;
};

export const subject = ({ firmName }: AddressChangedProps) =>
  `This is now the address of your ${plainLine(firmName)} account`;

/** To the address that an account has from now on (B12). */
export default function AddressChanged({ url, ...mail }: AddressChangedProps) {
  const firm = inertName(mail.firmName);
  return (
    <Layout
      {...mail}
      title="This is now your address"
      preview={`What ${firm} has to tell you comes here from now on.`}
    >
      <Paragraph>
        {firm} has made this the e-mail address of your account. You can sign in with it, and what you need
        when you have forgotten your password is sent here.
      </Paragraph>
      <Button href={url} accent={mail.accent}>
        Sign In
      </Button>
      <Paragraph quiet>
        If you have no account with {firm}, tell them: somebody has mistyped an address.
      </Paragraph>
    </Layout>
  );
}

AddressChanged.PreviewProps = {
  firmName: "ACME Corporation",
  url: "http://acme.portal.localhost:3000/sign-in",
} satisfies AddressChangedProps;
