import { Button } from "#emails/components/button.tsx";
import { Code } from "#emails/components/code.tsx";
import { Layout, type MailProps, Paragraph } from "#emails/components/layout.tsx";
import { inertName, plainLine } from "#emails/components/plain-line.ts";

export type FactorResetHeldProps = MailProps & {
  /** When they are taken away, as people of the firm read a time, with its zone. */
  whenText: string;
  /** Where it can be stopped, with the four digits. */
  url: string;
  code: string;
};

export const subject = ({ firmName }: FactorResetHeldProps) =>
  `Your ${plainLine(firmName)} second factors will be taken away`;

/** Tells the owner how to stop it while there is time (F3). */
export default function FactorResetHeld({ whenText, url, code, ...mail }: FactorResetHeldProps) {
  const firm = inertName(mail.firmName);
  return (
    <Layout {...mail} title="Your second factors will be taken away" preview={`On ${whenText}.`}>
      <Paragraph>
        The device for the second factor of your account with {firm} was said to be lost. On {whenText} all
        its second factors are taken away, and everybody is signed out. If it was you, there is nothing to do
        until then.
      </Paragraph>
      <Paragraph>
        If it was not you, or if you have found your device, open the link before then and type the code. Then
        nothing is taken away. Signing in with the device stops it too.
      </Paragraph>
      <Code>{code}</Code>
      <Button href={url} accent={mail.accent}>
        Keep My Second Factors
      </Button>
      <Paragraph quiet>
        If it was not you, somebody knows your password: change it, and tell {firm}.
      </Paragraph>
    </Layout>
  );
}

FactorResetHeld.PreviewProps = {
  firmName: "ACME Corporation",
  whenText: "29 November 2026 at 14:05 UTC",
  url: "http://acme.portal.localhost:3000/factor-hold/preview",
  code: "4182",
} satisfies FactorResetHeldProps;
