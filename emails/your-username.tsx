import { Button } from "#emails/components/button.tsx";
import { Code } from "#emails/components/code.tsx";
import { Layout, type MailProps, Paragraph } from "#emails/components/layout.tsx";
import { inertName, plainLine } from "#emails/components/plain-line.ts";

export type YourUsernameProps = MailProps & {
  /** The sign-in page. */
  url: string;
  username: string;
};

export const subject = ({ firmName }: YourUsernameProps) => `Your ${plainLine(firmName)} username`;

/** The one mail that always names the username: it holds nothing that opens the account (X6). */
export default function YourUsername({ url, username, ...mail }: YourUsernameProps) {
  const firm = inertName(mail.firmName);
  return (
    <Layout {...mail} title="Your username" preview={`With it you sign in to the portal of ${firm}.`}>
      <Paragraph>Someone, probably you, asked for the username of your account with {firm}.</Paragraph>
      <Code label="Username">{plainLine(username, 320)}</Code>
      <Button href={url} accent={mail.accent}>
        Sign In
      </Button>
      <Paragraph>
        The e-mail address that this was sent to works as well. If you have forgotten the password too, choose
        “Forgot password” on the sign-in page.
      </Paragraph>
      <Paragraph quiet>
        If it was not you, ignore this e-mail. Nobody gets in with a username alone.
      </Paragraph>
    </Layout>
  );
}

YourUsername.PreviewProps = {
  firmName: "ACME Corporation",
  url: "http://acme.portal.localhost:3000/sign-in",
  username: "ann.meyer",
} satisfies YourUsernameProps;
