/** SMTP's limit for a path (RFC 5321 4.5.3.1.3), angle brackets not counted. */
const ADDRESS_LENGTH = 254;

// One @, no quoting, no control or list characters: what a mail server could read as two recipients (INC5, INC14).
const ADDRESS =
  /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

const USERNAME = /^[\p{L}\p{N}][\p{L}\p{N}._@+-]{0,253}$/u;

/**
 * The form of a typed name that look-ups go by, or undefined for what no account can have. Canonicalised before
 * it is judged: text that NFKC changes is refused, so that no look-alike character passes (SEC29, INC6).
 */
export function identifierKey(typed: string): string | undefined {
  const text = typed.trim();
  if (text === "" || text.length > ADDRESS_LENGTH || /\p{Cc}/u.test(text)) return undefined;
  if (text.normalize("NFKC") !== text) return undefined;
  return text.toLowerCase();
}

/** The canonical form of an e-mail address, or undefined when mail must not be sent to it. */
export function emailKey(typed: string): string | undefined {
  const key = identifierKey(typed);
  return key && ADDRESS.test(key) && key.indexOf("@") <= 64 ? key : undefined;
}

/** The canonical form of a username, or undefined. One with an @ has to be an address. */
export function usernameKey(typed: string): string | undefined {
  const key = identifierKey(typed);
  if (!key || !USERNAME.test(key)) return undefined;
  return key.includes("@") ? emailKey(key) : key;
}
