import { Button } from "#emails/components/button.tsx";
import { Layout, type MailProps, Paragraph } from "#emails/components/layout.tsx";
import { inertName, plainLine } from "#emails/components/plain-line.ts";

export type SignInBySsoProps = MailProps & {
  /** The sign-in page; it carries no secret. */
  url: string;
};

export const subject = ({ firmName }: SignInBySsoProps) => `How you sign in to ${plainLine(firmName)}`;

/** The answer to a reset that there is nothing to reset for (B9): it opens nothing. */
export default function SignInBySso({ url, ...mail }: SignInBySsoProps) {
  const firm = inertName(mail.firmName);
  return (
    <Layout
      {...mail}
      title="You sign in by single sign-on"
      preview={`There is no password to reset for your account with ${firm}.`}
    >
      <Paragraph>
        Someone, probably you, asked to reset the password of your account with {firm}. This account has none:
        you sign in through your company’s single sign-on.
      </Paragraph>
      <Button href={url} accent={mail.accent}>
        Go to the Sign-In Page
      </Button>
      <Paragraph>
        If single sign-on does not let you in, turn to the people who look after your company account.
      </Paragraph>
      <Paragraph quiet>If it was not you, ignore this e-mail. Nothing has been changed.</Paragraph>
    </Layout>
  );
}

SignInBySso.PreviewProps = {
  firmName: "ACME Corporation",
  url: "http://acme.portal.localhost:3000/sign-in",
} satisfies SignInBySsoProps;
