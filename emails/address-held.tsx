import { Button } from "#emails/components/button.tsx";
import { Code } from "#emails/components/code.tsx";
import { Layout, type MailProps, Paragraph } from "#emails/components/layout.tsx";
import { inertName, plainLine } from "#emails/components/plain-line.ts";

export type AddressHeldProps = MailProps & {
  /** When the new address takes effect, as people of the firm read a time, with its zone. */
  whenText: string;
  /** Where it can be stopped, with the four digits. */
  url: string;
  code: string;
};

export const subject = ({ firmName }: AddressHeldProps) =>
  `A new e-mail address for your ${plainLine(firmName)} account`;

/** To the address that will no longer be the account's (B12). It does not tell the new one. */
export default function AddressHeld({ whenText, url, code, ...mail }: AddressHeldProps) {
  const firm = inertName(mail.firmName);
  return (
    <Layout {...mail} title="Is this address no longer yours?" preview={`It changes on ${whenText}.`}>
      <Paragraph>
        Somebody at {firm} has entered a new e-mail address for your account. It takes effect on {whenText}.
        If you asked for it, there is nothing to do.
      </Paragraph>
      <Paragraph>
        If it is wrong, open the link before then and type the code. Then nothing is changed.
      </Paragraph>
      <Code>{code}</Code>
      <Button href={url} accent={mail.accent}>
        Stop the Change
      </Button>
      <Paragraph quiet>
        Until then everything that concerns your account still goes to this address.
      </Paragraph>
    </Layout>
  );
}

AddressHeld.PreviewProps = {
  firmName: "ACME Corporation",
  whenText: "22 November 2026 at 14:05 UTC",
  url: "http://acme.portal.localhost:3000/address-hold/preview",
  code: "4182",
} satisfies AddressHeldProps;
