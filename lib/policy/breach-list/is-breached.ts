import { env } from "#lib/core/env.ts";
import { processSingleton } from "#lib/core/process.ts";
import type { BreachFilter } from "./open-breach-filter.ts";
import { openBreachList } from "./open-breach-list.ts";
import { passwordKey } from "./password-key.ts";

/**
 * Whether a password is known from breaches: as typed, composed (NFC) or in lower case. Asks the disk and never the
 * network, at once and for Node only. Of 100,000 passwords that are not listed, at most 10 are taken for listed.
 * Throws BreachListError where the list is missing or damaged, so that nothing passes unchecked.
 */
export function isBreached(password: string): boolean {
  return isListed(breachList(), password);
}

export function isListed(list: BreachFilter, password: string): boolean {
  const composed = password.normalize("NFC");
  const forms = new Set([password, composed, composed.toLowerCase()]);
  return [...forms].some((form) => list.has(passwordKey(form)));
}

function breachList(): BreachFilter {
  return processSingleton("breach-list", () => openBreachList(env().PORTAL_DATA_DIR));
}
