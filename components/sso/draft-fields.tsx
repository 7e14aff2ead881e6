import { Checkbox } from "#components/form/checkbox.tsx";
import { Field } from "#components/form/field.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { PasswordField } from "#components/form/password-field.tsx";
import { Select } from "#components/form/select.tsx";
import { TextArea } from "#components/form/text-area.tsx";
import { guideOf } from "#components/sso/provider-guides.ts";
import { Card } from "#components/ui/card.tsx";

/** A draft as its form shows it: texts by the names of its fields, and whether there is a secret that an empty field keeps. */
export type DraftInForm = {
  connectionId: string;
  kind: "oidc" | "saml";
  provider: string;
  /** Whether what the provider says of itself is typed. */
  byHand: boolean;
  hasSecret: boolean;
  texts: Record<string, string>;
  requireEncryption: boolean;
};

/** Everything that a connection goes by at its provider. */
export function DraftFields({ draft }: { draft: DraftInForm }) {
  const { connectionId, kind, byHand } = draft;
  return (
    <>
      <Hidden name="connectionId" value={connectionId} />
      <Hidden name="kind" value={kind} />
      <input type="hidden" name="by" value={byHand ? "hand" : BY_ITSELF[kind]} />
      {kind === "oidc" ? <OidcFields draft={draft} /> : <SamlFields draft={draft} />}
      <ClaimFields draft={draft} />
    </>
  );
}

const BY_ITSELF = { oidc: "discovery", saml: "metadata" };

const plain = { autoComplete: "off", autoCapitalize: "none", spellCheck: false, unmanaged: true } as const;

function OidcFields({ draft: { provider, byHand, hasSecret, texts } }: { draft: DraftInForm }) {
  const example = guideOf(provider, "oidc").issuer;
  return (
    <Card title="Provider">
      <div className="grid max-w-2xl gap-5">
        <Field
          {...plain}
          name="issuer"
          label="Issuer"
          hint={example ? `For example ${example}` : "An address, exactly as the provider writes it."}
          required
          inputMode="url"
          maxLength={2000}
          defaultValue={texts.issuer}
        />
        <Field
          {...plain}
          name="clientId"
          label="Client ID"
          required
          maxLength={200}
          defaultValue={texts.clientId}
        />
        <PasswordField
          name="clientSecret"
          label="Client secret"
          hint={hasSecret ? "There is one, and it is never shown. Leave this empty to keep it." : undefined}
          autoComplete="new-password"
          required={!hasSecret}
          maxLength={1000}
          unmanaged
        />
        <Field {...plain} name="scopes" label="Scopes" maxLength={500} defaultValue={texts.scopes} />
        {byHand && <EndpointFields texts={texts} />}
      </div>
    </Card>
  );
}

function EndpointFields({ texts }: { texts: Record<string, string> }) {
  const address = (name: string, label: string, required = false) => (
    <Field
      {...plain}
      key={name}
      name={name}
      label={label}
      required={required}
      inputMode="url"
      maxLength={2000}
      defaultValue={texts[name]}
    />
  );
  return (
    <>
      {address("authorizationEndpoint", "Authorization endpoint", true)}
      {address("tokenEndpoint", "Token endpoint", true)}
      {address("jwksUri", "Key set (JWKS URI)", true)}
      {address("userinfoEndpoint", "Userinfo endpoint")}
      {address("endSessionEndpoint", "End session endpoint")}
      <Select
        name="tokenAuth"
        label="How the secret is sent"
        defaultValue={texts.tokenAuth}
        options={[
          { value: "client_secret_basic", label: "In the header (client_secret_basic)" },
          { value: "client_secret_post", label: "In the form (client_secret_post)" },
        ]}
      />
      <Field
        {...plain}
        name="algorithms"
        label="Signature algorithms"
        required
        maxLength={200}
        defaultValue={texts.algorithms}
      />
    </>
  );
}

function SamlFields({ draft }: { draft: DraftInForm }) {
  const { byHand, hasSecret, texts, requireEncryption } = draft;
  return (
    <>
      <Card title="Provider">
        <div className="grid max-w-2xl gap-5">
          {byHand ? (
            <SamlByHand texts={texts} />
          ) : (
            <TextArea
              name="metadata"
              label="Metadata of the provider"
              hint={
                hasSecret
                  ? "All of its XML. Leave this empty to keep what was read last."
                  : "All of its XML. It is read, and only what the portal needs of it is kept."
              }
              rows={10}
              required={!hasSecret}
              maxLength={60_000}
            />
          )}
        </div>
      </Card>
      <Card title="Encryption and keys">
        <div className="grid max-w-2xl gap-5">
          <Checkbox
            name="requireEncryption"
            label="Take encrypted assertions only"
            hint="The provider encrypts with the certificate in the portal’s metadata. Switch it on there first."
            defaultChecked={requireEncryption}
          />
          {hasSecret && (
            <Checkbox
              name="renewKey"
              label="Make a new key of the portal"
              hint="Its certificate has to be given to the provider then, before the draft goes into service."
            />
          )}
        </div>
      </Card>
    </>
  );
}

function SamlByHand({ texts }: { texts: Record<string, string> }) {
  return (
    <>
      <Field
        {...plain}
        name="entityId"
        label="Entity ID of the provider"
        required
        maxLength={1024}
        defaultValue={texts.entityId}
      />
      <Field
        {...plain}
        name="ssoUrl"
        label="Sign-in address"
        required
        inputMode="url"
        maxLength={2000}
        defaultValue={texts.ssoUrl}
      />
      <Select
        name="ssoBinding"
        label="How the request is sent"
        defaultValue={texts.ssoBinding}
        options={[
          { value: "redirect", label: "By a redirect" },
          { value: "post", label: "By a form" },
        ]}
      />
      <Field
        {...plain}
        name="sloUrl"
        label="Sign-out address"
        inputMode="url"
        maxLength={2000}
        defaultValue={texts.sloUrl}
      />
      <TextArea
        name="certificates"
        label="Certificates of the provider"
        hint="One, or two while one takes the other’s place, below each other."
        required
        maxLength={40_000}
        defaultValue={texts.certificates}
      />
      <Field
        {...plain}
        name="nameIdFormat"
        label="Name ID format"
        maxLength={200}
        defaultValue={texts.nameIdFormat}
      />
    </>
  );
}

function ClaimFields({ draft: { kind, texts } }: { draft: DraftInForm }) {
  const what = kind === "oidc" ? "claim" : "attribute";
  const name = (field: string, label: string, hint?: string) => (
    <Field
      {...plain}
      key={field}
      name={field}
      label={label}
      hint={hint}
      maxLength={200}
      defaultValue={texts[field]}
    />
  );
  return (
    <Card
      title="What it tells about people"
      description={`By what name each ${what} comes. One that is left empty is not read.`}
    >
      <div className="grid max-w-2xl gap-5">
        {name("emailClaim", "E-mail address")}
        {name("nameClaim", "Name")}
        {name(
          "usernameClaim",
          "Username",
          "For new accounts. Without it, the e-mail address is the username.",
        )}
        {name("groupsClaim", "Groups")}
      </div>
    </Card>
  );
}
