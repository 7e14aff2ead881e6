export type DemoProviderPerson = {
  /** What the provider knows somebody by; nobody else ever gets it. */
  subject: string;
  name: string;
  email: string;
  groups: string[];
};

/** Whom the built-in provider of OpenID Connect knows. All work at Initech; the portal gets to know each when they first sign in. */
export const DEMO_PEOPLE: DemoProviderPerson[] = [
  { subject: "imani", name: "Imani Clarke", email: "imani@initech.example", groups: ["it-administrators"] },
  { subject: "jonas", name: "Jonas Weber", email: "jonas@initech.example", groups: ["staff"] },
  { subject: "mei", name: "Mei Tanaka", email: "mei@initech.example", groups: ["auditors"] },
];

/** Whom the one of SAML knows: others, since an account here belongs to one connection. */
export const DEMO_SAML_PEOPLE: DemoProviderPerson[] = [
  { subject: "noor", name: "Noor Haddad", email: "noor@initech.example", groups: ["staff"] },
  { subject: "oskar", name: "Oskar Lind", email: "oskar@initech.example", groups: ["auditors"] },
];

/** Which security group each of the provider's groups gives at Initech. */
export const DEMO_GROUP_RULES = [
  { groupValue: "it-administrators", preset: "administrator" },
  { groupValue: "staff", preset: "regular" },
  { groupValue: "auditors", preset: "read_only" },
] as const;

export const DEMO_DOMAIN = "initech.example";

/** The client that the provider knows: the portal, whichever firm asks. */
export const DEMO_CLIENT_ID = "portal-demo";
