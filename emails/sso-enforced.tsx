import { Layout, type MailProps, Paragraph } from "#emails/components/layout.tsx";
import { inertName, plainLine } from "#emails/components/plain-line.ts";

export type SsoEnforcedProps = MailProps & {
  /** What the firm calls its identity provider; empty where it has several. */
  provider: string;
  /** From when, as people of the firm read a time, with its zone. */
  fromText: string;
};

export const subject = ({ firmName }: SsoEnforcedProps) =>
  `How you sign in to ${plainLine(firmName)} changes`;

/** To whoever has no way in from that moment on, unless their account is linked until then (G5). It opens nothing. */
export default function SsoEnforced({ provider, fromText, ...mail }: SsoEnforcedProps) {
  const firm = inertName(mail.firmName);
  const through = provider === "" ? "your company’s single sign-on" : inertName(provider);
  return (
    <Layout
      {...mail}
      title="You sign in by single sign-on soon"
      preview={`From ${fromText} on, ${firm} lets people in through ${through} alone.`}
    >
      <Paragraph>
        From {fromText} on, {firm} lets people in through {through} alone. Passwords, passkeys and reset links
        do not open your account from then on, and you are signed out.
      </Paragraph>
      <Paragraph>
        Your account is not linked yet. Sign in through {through} once before that day, from the sign-in page
        that you know, and say that this account is yours. If that does not let you in, turn to the
        administrators of {firm}.
      </Paragraph>
    </Layout>
  );
}

SsoEnforced.PreviewProps = {
  firmName: "ACME Corporation",
  provider: "ACME Entra ID",
  fromText: "7 December 2026 at 08:00 UTC",
} satisfies SsoEnforcedProps;
