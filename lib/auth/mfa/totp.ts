import { generateSecret, generateURI, verifySync } from "otplib";
import { SECOND } from "#lib/core/clock.ts";

/** How an app makes its codes: what every one of them understands (RFC 6238). */
const PERIOD_SECONDS = 30;
const SHAPE = { algorithm: "sha1", digits: 6, period: PERIOD_SECONDS } as const;
const SECRET_BYTES = 20;

/** 160 random bits, in Base32 (SEC33). */
export function newTotpSecret(): string {
  return generateSecret({ length: SECRET_BYTES });
}

/** What an authenticator app is told of an account, behind a QR code or a link. Holds the secret. */
export function totpUri({
  issuer,
  label,
  secret,
}: {
  issuer: string;
  label: string;
  secret: string;
}): string {
  // A colon parts the two in what an app shows, and is in neither.
  return generateURI({
    ...SHAPE,
    issuer: issuer.replaceAll(":", ""),
    label: label.replaceAll(":", ""),
    secret,
  });
}

/** The time step of which six digits are the code: the present one, or the one before or after. Undefined: of none. */
export function matchingStep(secret: string, digits: string, now: Date): number | undefined {
  const epoch = Math.floor(now.getTime() / SECOND);
  const result = verifySync({ ...SHAPE, secret, token: digits, epoch, epochTolerance: PERIOD_SECONDS });
  return result.valid && "timeStep" in result ? result.timeStep : undefined;
}
