/** A rule of a connection: whom the provider counts among `groupValue` gets this security group. */
export type GroupRule = { groupValue: string; securityGroupId: string; allowsAdministrator: boolean };

export type GroupMapping = {
  /** In the firm's order. */
  rules: readonly GroupRule[];
  /** For those whom no rule gives one. */
  defaultGroupId: string | null;
  /** Security groups above what a provider may give by itself. */
  powerful: ReadonlySet<string>;
  /** Those that nobody of the staff has, whatever a rule says. */
  closed: ReadonlySet<string>;
};

/**
 * The security group that comes of what a provider says: the first rule that matches, in the firm's order (DEC5). None leads
 * above the ceiling unless the firm has said so for that very rule, and the default never does (G7). Undefined: none.
 */
export function groupFor(
  { rules, defaultGroupId, powerful, closed }: GroupMapping,
  groups: readonly string[],
): string | undefined {
  const said = new Set(groups);
  const match = rules.find(
    ({ groupValue, securityGroupId, allowsAdministrator }) =>
      said.has(groupValue) &&
      !closed.has(securityGroupId) &&
      (allowsAdministrator || !powerful.has(securityGroupId)),
  );
  if (match) return match.securityGroupId;
  const open = defaultGroupId !== null && !powerful.has(defaultGroupId) && !closed.has(defaultGroupId);
  return open ? defaultGroupId : undefined;
}
