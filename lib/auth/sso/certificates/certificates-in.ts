import { DAY } from "#lib/core/clock.ts";
import type { ConnectionSettings } from "../configuration.ts";
import { type Certificate, readCertificate } from "../saml/certificates.ts";

/** One that a connection stands on: the provider's, by which its answers are judged, or our own. */
export type PinnedCertificate = Pick<Certificate, "fingerprint" | "validFrom" | "validTo"> & {
  whose: "provider" | "own";
};

export function certificatesIn(settings: ConnectionSettings): PinnedCertificate[] {
  if (settings.kind !== "saml") return [];
  const pems = [
    ...settings.certificates.map((pem) => ({ pem, whose: "provider" as const })),
    { pem: settings.ownCertificate, whose: "own" as const },
  ];
  return pems.flatMap(({ pem, whose }) => {
    const { fingerprint, validFrom, validTo } = readCertificate(pem) ?? {};
    return fingerprint && validFrom && validTo ? [{ whose, fingerprint, validFrom, validTo }] : [];
  });
}

/** The days before its end at which somebody is told of it. */
export const WARN_DAYS = [60, 30, 7, 1] as const;

/** The last of them that has been reached; none before the first, nor after the end. */
export function dueThreshold(validTo: Date, now: Date): (typeof WARN_DAYS)[number] | undefined {
  if (validTo <= now) return undefined;
  return WARN_DAYS.findLast((days) => validTo.getTime() - now.getTime() <= days * DAY);
}

export function daysUntil(validTo: Date, now: Date): number {
  return Math.ceil((validTo.getTime() - now.getTime()) / DAY);
}
