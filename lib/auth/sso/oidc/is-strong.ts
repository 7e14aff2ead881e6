/** What each method of RFC 8176 goes by: something known, something held, something of the body. */
const KINDS: Record<string, "known" | "held" | "body"> = {
  pwd: "known",
  pin: "known",
  kba: "known",
  otp: "held",
  hwk: "held",
  swk: "held",
  sc: "held",
  sms: "held",
  tel: "held",
  face: "body",
  fpt: "body",
  iris: "body",
  retina: "body",
  vbm: "body",
};

/** Classes that mean several factors: OpenID's phishing-resistant ones, its older policy, and that of REFEDS. */
const STRONG_CLASSES = new Set([
  "phr",
  "phrh",
  "http://schemas.openid.net/pape/policies/2007/06/multi-factor",
  "https://refeds.org/profile/mfa",
]);

/** Whether the provider says that it has asked for two factors (SEC68). Whatever it does not say it has not done. */
export function isStrongAnswer({ acr, amr }: Record<string, unknown>): boolean {
  if (typeof acr === "string" && STRONG_CLASSES.has(acr)) return true;
  const methods = Array.isArray(amr) ? amr.filter((one): one is string => typeof one === "string") : [];
  if (methods.includes("mfa")) return true;
  const kinds = methods.flatMap((method) => (Object.hasOwn(KINDS, method) ? [KINDS[method]] : []));
  return new Set(kinds).size > 1;
}
