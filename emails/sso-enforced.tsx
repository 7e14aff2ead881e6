import { Layout, type MailProps, Paragraph } from "#emails/components/layout.tsx";
import { inertName, plainLine } from "#emails/components/plain-line.ts";

export type SsoEnforcedProps = MailProps & {
  /** What the firm calls its identity provider; empty where it has several. */
  provider: string;
  /** From when, as people of the firm read a time, with its zone. */
  fromText: string;
  /** Whether that was so when it was decided: then there is no time to link an account. */
  atOnce: boolean;
};

export const subject = ({ firmName, atOnce }: SsoEnforcedProps) =>
  atOnce
    ? `How you sign in to ${plainLine(firmName)} has changed`
    : `How you sign in to ${plainLine(firmName)} changes`;

/** To whoever has no way in from that moment on, unless their account is linked until then (G5). It opens nothing. */
export default function SsoEnforced({ provider, fromText, atOnce, ...mail }: SsoEnforcedProps) {
  const firm = inertName(mail.firmName);
  const through = provider === "" ? "your company’s single sign-on" : inertName(provider);
  if (atOnce) {
    return (
      <Layout
        {...mail}
        title="You sign in by single sign-on now"
        preview={`Since ${fromText}, ${firm} lets people in through ${through} alone.`}
      >
        <Paragraph>
          Since {fromText}, {firm} lets people in through {through} alone. Passwords, passkeys and reset links
          do not open your account any more, and you are signed out.
        </Paragraph>
        <Paragraph>
          Your account is not linked to it yet. To get in again, turn to the administrators of {firm}.
        </Paragraph>
      </Layout>
    );
  }
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
  atOnce: false,
} satisfies SsoEnforcedProps;
