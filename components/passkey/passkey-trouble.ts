const nameOf = (error: unknown) => (error instanceof DOMException ? error.name : "");

export const isTimeout = (error: unknown) => nameOf(error) === "TimeoutError";

/** What to say when no passkey came of it. */
export function sentenceFor(error: unknown): string {
  const name = nameOf(error);
  if (name === "NotAllowedError") return "No passkey was used. Try again, or go on another way.";
  if (name === "InvalidStateError") return "This device has a passkey for your account already.";
  return "This did not work here. Try again, or go on another way.";
}
