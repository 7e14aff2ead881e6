type Values =
  | { kind: "oidc"; redirectUri: string; backchannelLogoutUri: string; postLogoutUri: string }
  | { kind: "saml"; entityId: string; acsUrl: string; logoutUrl: string };

type Shown = { label: string; value: string; hint?: string };

/** What is entered at the provider, as most of them call it. */
export function valuesInWords(values: Values): Shown[] {
  if (values.kind === "oidc") {
    return [
      { label: "Redirect URI", value: values.redirectUri },
      {
        label: "Back-channel logout URI",
        value: values.backchannelLogoutUri,
        hint: "So that a sign-out at the provider ends sessions here. Leave it out where there is no field for it.",
      },
      { label: "Post-logout redirect URI", value: values.postLogoutUri },
    ];
  }
  return [
    {
      label: "Entity ID",
      value: values.entityId,
      hint: "Also called identifier or audience. The portal’s metadata is at this address.",
    },
    {
      label: "Assertion consumer service URL",
      value: values.acsUrl,
      hint: "Also called reply URL or single sign-on URL.",
    },
    { label: "Single logout URL", value: values.logoutUrl },
  ];
}
