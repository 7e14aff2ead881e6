import * as z from "zod";

export const PROVIDERS = ["entra", "okta", "google", "keycloak", "adfs", "any"] as const;

export const CONNECTION_KINDS = ["oidc", "saml"] as const;

export const FIRST_SIGN_INS = ["refuse", "link", "create"] as const;

const NAME_WANTED = "Enter a name.";
const NO_CONNECTION = "This connection does not exist.";

const name = z.string(NAME_WANTED).trim().min(1, NAME_WANTED).max(80, "Use at most 80 characters.");

const connectionId = z.uuid(NO_CONNECTION);

/** The version that the caller saw: a newer one, saved meanwhile, is not written over. */
const version = z.coerce.number().int().optional();

const tick = z
  .literal("on")
  .optional()
  .transform((ticked) => ticked === "on");

export const ConnectionInput = z.object({ connectionId });

export const CreateConnectionInput = z.object({
  name,
  kind: z.enum(CONNECTION_KINDS, "Choose how it signs people in."),
  provider: z.enum(PROVIDERS, "Choose your provider.").default("any"),
});

export const ChangeConnectionInput = z.object({
  connectionId,
  version,
  name,
  firstSignIn: z.enum(FIRST_SIGN_INS, "Choose what happens at somebody’s first sign-in."),
  trustsDomains: tick,
  /** Empty: whom no rule gives a group does not get in. */
  defaultGroupId: z
    .union([z.literal(""), z.uuid()], "Choose a security group of the list.")
    .default("")
    .transform((id) => id || null),
  allowsUnsolicited: tick,
});

const Text = (most: number) => z.string().trim().max(most, `Use at most ${most} characters.`).default("");

const Claim = z.string().trim().max(200, "Use at most 200 characters.").optional();

/** By what names the provider says what a profile is made of: an empty one is not read, none is as the provider usually does. */
const claims = { emailClaim: Claim, nameClaim: Claim, usernameClaim: Claim, groupsClaim: Claim };

const OidcDraft = z.object({
  kind: z.literal("oidc"),
  connectionId,
  /** Whether the provider is asked for its addresses, or they are typed. */
  by: z.enum(["discovery", "hand"]).default("discovery"),
  issuer: Text(2000).pipe(z.string().min(1, "Enter the issuer.")),
  clientId: Text(200).pipe(z.string().min(1, "Enter the client id.")),
  /** Empty keeps the present one. */
  clientSecret: z.string().max(1000, "Use at most 1000 characters.").default(""),
  tokenAuth: z.enum(["client_secret_basic", "client_secret_post"]).default("client_secret_basic"),
  scopes: Text(500),
  authorizationEndpoint: Text(2000),
  tokenEndpoint: Text(2000),
  jwksUri: Text(2000),
  userinfoEndpoint: Text(2000),
  endSessionEndpoint: Text(2000),
  algorithms: Text(200),
  ...claims,
});

const SamlDraft = z.object({
  kind: z.literal("saml"),
  connectionId,
  /** Whether the provider's metadata is pasted, or its parts are typed. */
  by: z.enum(["metadata", "hand"]).default("metadata"),
  metadata: z.string().max(60_000, "This is longer than metadata of one provider should be.").default(""),
  entityId: Text(1024),
  ssoUrl: Text(2000),
  ssoBinding: z.enum(["redirect", "post"]).default("redirect"),
  sloUrl: Text(2000),
  certificates: z.string().max(40_000, "Use at most four certificates.").default(""),
  requireEncryption: tick,
  nameIdFormat: Text(200),
  /** A new key of our own, instead of the present one. */
  renewKey: tick,
  ...claims,
});

export const SaveDraftInput = z.discriminatedUnion("kind", [OidcDraft, SamlDraft]);

export const PutIntoServiceInput = z.object({
  connectionId,
  configurationId: z.uuid("There is no draft any more. Look at the connection again."),
  /** The one that serves now is not to be trusted any more: it ends at once (DEC19). */
  compromised: tick,
});

export const RetireConnectionInput = z.object({
  connectionId,
  name: z.string().max(80).default(""),
  /** That its people become local accounts without a password. */
  releases: tick,
});

export const AddGroupRuleInput = z.object({
  connectionId,
  groupValue: z
    .string("Enter the group as your provider calls it.")
    .trim()
    .min(1, "Enter the group as your provider calls it.")
    .max(500, "Use at most 500 characters."),
  securityGroupId: z.uuid("Choose a security group."),
  allowsAdministrator: tick,
});

export const GroupRuleInput = z.object({ connectionId, ruleId: z.uuid("This rule does not exist.") });

export const MoveGroupRuleInput = GroupRuleInput.extend({ to: z.enum(["up", "down"]) });

export type SaveDraftInput = z.output<typeof SaveDraftInput>;
export type OidcDraft = z.output<typeof OidcDraft>;
export type SamlDraft = z.output<typeof SamlDraft>;
