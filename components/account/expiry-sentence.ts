import { sayMoment } from "#lib/core/say-moment.ts";

type Expiry = { expiresAt: Date; daysLeft: number };

/** How the end of a password is said: days for those who plan, the date for those who look it up. */
export function expirySentence({ expiresAt, daysLeft }: Expiry): { sentence: string; short: string } {
  const date = sayMoment(expiresAt, { dateStyle: "long", timeZone: "UTC" });
  const days = daysLeft === 1 ? "1 day" : `${daysLeft} days`;
  const end = daysLeft === 0 ? "has expired" : `expires in ${days}`;
  return { sentence: `Your password ${end} (${date}).`, short: `Password ${end}` };
}
