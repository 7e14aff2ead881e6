import { Layout, type MailProps, Paragraph } from "#emails/components/layout.tsx";
import { inertName, plainLine } from "#emails/components/plain-line.ts";

export type ApiTokenGeneratedProps = MailProps & {
  /** As people of the firm read a time, with its zone. */
  whenText: string;
};

export const subject = ({ firmName }: ApiTokenGeneratedProps) =>
  `An API token was generated for your ${plainLine(firmName)} account`;

/** To the owner of an account for which somebody else has generated an API token. It never holds that token. */
export default function ApiTokenGenerated({ whenText, ...mail }: ApiTokenGeneratedProps) {
  const firm = inertName(mail.firmName);
  return (
    <Layout {...mail} title="An API token was generated for you" preview={`Generated on ${whenText}.`}>
      <Paragraph>
        An administrator of {firm} generated an API token for your account on {whenText}. A program that has
        it can do in your name what the token was made for.
      </Paragraph>
      <Paragraph>
        The token is in no e-mail. It was shown once, to the administrator. An earlier token of yours ends, at
        the latest a day after the new one was generated.
      </Paragraph>
      <Paragraph>
        If you know nothing of this, ask the administrators of {firm} to revoke the token. Disabling the
        account and resetting its password end it too.
      </Paragraph>
    </Layout>
  );
}

ApiTokenGenerated.PreviewProps = {
  firmName: "ACME Corporation",
  whenText: "23 November 2026 at 14:05 UTC",
} satisfies ApiTokenGeneratedProps;
