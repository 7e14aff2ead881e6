/** From when a firm lets its staff, or everybody, in by SSO alone (G5). */
export type SsoEnforcement = { scope: "staff" | "everybody"; enforcedFrom: Date };

export type EnforcedPerson = { kind: "staff" | "contact"; federated: boolean };

/** From when somebody gets in by SSO alone, and has none; undefined for whom nothing changes. */
export function ssoRequiredFrom(
  enforcement: SsoEnforcement | undefined,
  { kind, federated }: EnforcedPerson,
): Date | undefined {
  if (!enforcement || federated) return undefined;
  const inScope = enforcement.scope === "everybody" || kind === "staff";
  return inScope ? enforcement.enforcedFrom : undefined;
}

/** Whether that moment has come. */
export function isSsoRequired(from: Date | undefined, now: Date): boolean {
  return from !== undefined && now >= from;
}
