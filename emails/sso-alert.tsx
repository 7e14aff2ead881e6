import { Button } from "#emails/components/button.tsx";
import { Layout, type MailProps, Paragraph } from "#emails/components/layout.tsx";
import { inertName, plainLine } from "#emails/components/plain-line.ts";

export type SsoAlertProps = MailProps & {
  alert: SsoAlert;
  /** The firm's own name for the connection. */
  connectionName: string;
  /** Where an administrator looks at it, signed in. */
  url: string;
  /** As people of the firm read a time, with its zone. */
  whenText: string;
  days: number;
  domain: string;
};

type Facts = { connection: string; whenText: string; days: number; domain: string };

type Words = { title: (facts: Facts) => string; what: (facts: Facts) => string; after: string };

/** What is the matter with a connection, and what an administrator does about it. */
const ALERTS = {
  rolled_back: {
    title: () => "Single sign-on went back to its earlier settings",
    what: ({ connection, whenText }) =>
      `Too many sign-ins failed with the new settings of ${connection}. On ${whenText} the earlier ones took their place again, and people sign in as before.`,
    after:
      "The new settings serve nobody now. Look at what they failed at before you put others into service.",
  },
  provider_certificate_ends: {
    title: ({ days }) => `A certificate of single sign-on ends in ${inDays(days)}`,
    what: ({ connection, whenText }) =>
      `The certificate by which ${connection} is recognised ends on ${whenText}. From then on nobody can sign in by it.`,
    after:
      "Ask for the provider’s new metadata, save it as a draft, test it, and put it into service. Both certificates count meanwhile.",
  },
  own_certificate_ends: {
    title: ({ days }) => `A certificate of single sign-on ends in ${inDays(days)}`,
    what: ({ connection, whenText }) =>
      `The portal’s own certificate for ${connection} ends on ${whenText}. Some providers refuse sign-ins from then on.`,
    after:
      "Save a draft with a new key, give its certificate to the provider, test it, and put it into service.",
  },
  domain_unproven: {
    title: ({ domain }) => `The domain ${domain} is not proven any more`,
    what: ({ connection, domain }) =>
      `The DNS record that proves ${domain} has been missing for a week. Its addresses do not lead to ${connection} any more.`,
    after:
      "Put the record back, then prove the domain again. Who has signed in by the provider before still does.",
  },
} as const satisfies Record<string, Words>;

export type SsoAlert = keyof typeof ALERTS;

export const subject = ({ firmName, ...props }: SsoAlertProps) =>
  `${plainLine(firmName)}: ${plainLine(titleOf(props))}`;

/** To everybody who may put a connection right. */
export default function SsoAlertMail({ url, ...props }: SsoAlertProps) {
  const { alert, connectionName, whenText, days, domain, ...mail } = props;
  const facts = { connection: inertName(connectionName), whenText, days, domain: inertName(domain) };
  const { what, after } = ALERTS[alert];
  return (
    <Layout {...mail} title={titleOf(props)} preview={`${facts.connection}: ${what(facts)}`}>
      <Paragraph>{what(facts)}</Paragraph>
      <Paragraph>{after}</Paragraph>
      <Button href={url} accent={mail.accent}>
        Open Single Sign-On
      </Button>
      <Paragraph quiet>You get this because you may change how people sign in.</Paragraph>
    </Layout>
  );
}

function titleOf({ alert, connectionName, whenText, days, domain }: Omit<SsoAlertProps, "firmName" | "url">) {
  return ALERTS[alert].title({
    connection: inertName(connectionName),
    whenText,
    days,
    domain: inertName(domain),
  });
}

function inDays(days: number): string {
  return days === 1 ? "1 day" : `${days} days`;
}

SsoAlertMail.PreviewProps = {
  firmName: "ACME Corporation",
  alert: "provider_certificate_ends",
  connectionName: "ACME Entra ID",
  url: "http://acme.portal.localhost:3000/settings/sso",
  whenText: "28 December 2026 at 14:05 UTC",
  days: 30,
  domain: "acme.example",
} satisfies SsoAlertProps;
