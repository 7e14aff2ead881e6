import type { SecurityOptions } from "#lib/policy/security-options.ts";

/** Options as a form sends them: a switch that is off sends nothing. */
export function formValues(options: SecurityOptions): Record<string, string> {
  const sent = Object.entries(options).filter(([, value]) => value !== false);
  return Object.fromEntries(sent.map(([name, value]) => [name, value === true ? "on" : String(value)]));
}
