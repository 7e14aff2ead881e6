import { Layout, type MailProps, Paragraph } from "#emails/components/layout.tsx";
import { NotMe } from "#emails/components/not-me.tsx";
import { inertName, plainLine } from "#emails/components/plain-line.ts";

export type FactorChangedProps = MailProps & {
  change: FactorChange;
  /** As people of the firm read a time, with its zone. */
  whenText: string;
  /** How many recovery codes are left, where one was used. */
  codesLeft: number;
  /** Where the account can be frozen, with the four digits below. */
  url: string;
  code: string;
  expiresInDays: number;
};

export type FactorChange = keyof typeof CHANGES;

/** What happened, before the account that it happened to, and what follows from it. */
const CHANGES = {
  app_added: {
    what: "An authenticator app was added to",
    after: "Its codes are asked for when you sign in.",
  },
  app_replaced: {
    what: "An authenticator app was replaced in",
    after: "Codes of the one before do not work any more.",
  },
  app_removed: { what: "An authenticator app was removed from", after: "Its codes do not work any more." },
  passkey_added: { what: "A passkey was added to", after: "It can be used to sign in." },
  passkey_removed: { what: "A passkey was removed from", after: "It cannot be used any more." },
  passkey_suspected: {
    what: "A passkey that may have been copied was refused for",
    after: "It had counted further before. It is not accepted any more: remove it, and add another one.",
  },
  factors_taken: {
    what: "All second factors were taken away from",
    after: "The password alone is asked for, until new ones are set up.",
  },
  codes_made: { what: "New recovery codes were made for", after: "Those from before do not work any more." },
  recovery_code_used: { what: "A recovery code was used for", after: "It does not work a second time." },
} as const;

export const subject = ({ firmName, change }: FactorChangedProps) =>
  `${CHANGES[change].what} your ${plainLine(firmName)} account`;

export default function FactorChanged(props: FactorChangedProps) {
  const { change, whenText, codesLeft, url, code, expiresInDays, ...mail } = props;
  const firm = inertName(mail.firmName);
  const { what, after } = CHANGES[change];
  return (
    <Layout {...mail} title={`${what} your account`} preview={`On ${whenText}.`}>
      <Paragraph>
        {what} your account with {firm} on {whenText}. {after}
        {change === "recovery_code_used" && ` ${leftInWords(codesLeft)}`} If it was you, there is nothing to
        do.
      </Paragraph>
      <NotMe
        doubt="If this was not you"
        calm="If it was you"
        firm={firm}
        accent={mail.accent}
        url={url}
        code={code}
        expiresInDays={expiresInDays}
      />
    </Layout>
  );
}

function leftInWords(codesLeft: number): string {
  if (codesLeft === 0) return "It was the last one: make new ones in your settings.";
  return codesLeft === 1 ? "One more is left." : `${codesLeft} more are left.`;
}

FactorChanged.PreviewProps = {
  firmName: "ACME Corporation",
  change: "recovery_code_used",
  whenText: "28 November 2026 at 14:05 UTC",
  codesLeft: 9,
  url: "http://acme.portal.localhost:3000/not-me/preview",
  code: "4182",
  expiresInDays: 30,
} satisfies FactorChangedProps;
