/** What one administrator has proposed and another one armed: the way in of one member, by one passkey, for a time (J3). */
export type BreakGlassFacts = {
  armedAt: Date | null;
  expiresAt: Date;
  endedAt: Date | null;
  /** Which passkey it was armed for. */
  passkeyId: string | null;
};

/** A passkey that has just been proven. `synced` is one that may be on other devices, too (BE=1). */
export type ProvenPasskey = { id: string; synced: boolean };

/** Whether somebody may come in by break-glass at all: armed by a second person, and not over. */
export function isArmed(facts: BreakGlassFacts | undefined, now: Date): boolean {
  if (!facts || facts.armedAt === null || facts.endedAt !== null) return false;
  return facts.passkeyId !== null && now < facts.expiresAt;
}

/** Whether this very passkey opens it: the one that it was armed for, and one that never leaves its device (DEC19). */
export function opensBreakGlass(
  facts: BreakGlassFacts | undefined,
  { id, synced }: ProvenPasskey,
  now: Date,
): boolean {
  return isArmed(facts, now) && facts?.passkeyId === id && !synced;
}
