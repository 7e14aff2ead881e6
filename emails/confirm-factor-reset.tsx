import { Button } from "#emails/components/button.tsx";
import { Code } from "#emails/components/code.tsx";
import { Layout, type MailProps, Paragraph } from "#emails/components/layout.tsx";
import { inertName, plainLine } from "#emails/components/plain-line.ts";

export type ConfirmFactorResetProps = MailProps & {
  url: string;
  /** Six digits. */
  code: string;
  expiresInMinutes: number;
};

export const subject = ({ firmName }: ConfirmFactorResetProps) =>
  `Have you lost the device of your ${plainLine(firmName)} account?`;

/** To somebody who has typed the right password and says that no second factor is left (F3). */
export default function ConfirmFactorReset(props: ConfirmFactorResetProps) {
  const { url, code, expiresInMinutes, ...mail } = props;
  const firm = inertName(mail.firmName);
  return (
    <Layout
      {...mail}
      title="Have you lost your device?"
      preview={`Confirm it within ${expiresInMinutes} minutes.`}
    >
      <Paragraph>
        Someone who knows the password of your account with {firm}, probably you, says that the device for the
        second factor is lost. Open the link and type the code, if that is so. A day later the second factors
        are taken away, and you can set up new ones.
      </Paragraph>
      <Code>{code}</Code>
      <Button href={url} accent={mail.accent}>
        Confirm
      </Button>
      <Paragraph>
        The link and the code work once, for {expiresInMinutes} minutes. Nobody from {firm} will ever ask you
        for the code.
      </Paragraph>
      <Paragraph>
        If it was not you, somebody knows your password. Do not open the link: sign in and change your
        password.
      </Paragraph>
    </Layout>
  );
}

ConfirmFactorReset.PreviewProps = {
  firmName: "ACME Corporation",
  url: "http://acme.portal.localhost:3000/lost-device/preview",
  code: "418206",
  expiresInMinutes: 15,
} satisfies ConfirmFactorResetProps;
