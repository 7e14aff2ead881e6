import { Layout, type MailProps, Paragraph } from "#emails/components/layout.tsx";
import { inertName, plainLine } from "#emails/components/plain-line.ts";

export type SignInBySsoProps = MailProps & {
  /** What the firm calls its identity provider; empty where it has several and nobody can say which. */
  provider: string;
};

export const subject = ({ firmName }: SignInBySsoProps) => `How you sign in to ${plainLine(firmName)}`;

/** The answer to a reset that there is nothing to reset for (B9): it opens nothing, and has no link. */
export default function SignInBySso({ provider, ...mail }: SignInBySsoProps) {
  const firm = inertName(mail.firmName);
  const through = provider === "" ? "your company’s single sign-on" : inertName(provider);
  return (
    <Layout
      {...mail}
      title="You sign in by single sign-on"
      preview={`There is no password to reset for your account with ${firm}.`}
    >
      <Paragraph>
        Someone, probably you, asked how to get in to your account with {firm}. There is no password to reset
        for it: you sign in through {through}.
      </Paragraph>
      <Paragraph>
        If that does not let you in, turn to the people who look after your company account, or to the
        administrators of {firm}.
      </Paragraph>
      <Paragraph quiet>If it was not you, ignore this e-mail. Nothing has been changed.</Paragraph>
    </Layout>
  );
}

SignInBySso.PreviewProps = {
  firmName: "ACME Corporation",
  provider: "ACME Entra ID",
} satisfies SignInBySsoProps;
