type Descriptor = { id: string; transports?: string[] };

/** What the server wants of a passkey, as it travels (WebAuthn 5.1.8): to make one where there is a user, else to use one. */
export type PasskeyWish = {
  challenge: string;
  user?: { id: string; name: string; displayName: string };
  allowCredentials?: Descriptor[];
  excludeCredentials?: Descriptor[];
};

/** Asks whoever is there, and gives the answer as the server reads it. Throws what the browser throws. */
export async function askAuthenticator(
  wish: PasskeyWish,
  { signal, mediation }: Pick<CredentialRequestOptions, "signal" | "mediation"> = {},
): Promise<string> {
  const { challenge, user, allowCredentials, excludeCredentials, ...rest } = wish;
  const publicKey = {
    ...rest,
    challenge: bytes(challenge),
    ...(user && { user: { ...user, id: bytes(user.id) } }),
    ...(allowCredentials && { allowCredentials: allowCredentials.map(known) }),
    ...(excludeCredentials && { excludeCredentials: excludeCredentials.map(known) }),
  } as unknown as PublicKeyCredentialCreationOptions & PublicKeyCredentialRequestOptions;
  const { credentials } = navigator;
  const given = user
    ? await credentials.create({ publicKey, signal })
    : await credentials.get({ publicKey, signal, mediation });
  if (!given) throw new DOMException("Nothing was given.", "NotAllowedError");
  return answerOf(given as PublicKeyCredential);
}

function answerOf({ id, response }: PublicKeyCredential): string {
  const transports =
    "getTransports" in response ? (response as AuthenticatorAttestationResponse).getTransports() : undefined;
  const read = (name: string) => {
    const part = (response as unknown as Record<string, ArrayBuffer | null | undefined>)[name];
    return part && part.byteLength > 0 ? { [name]: text(part) } : {};
  };
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  return JSON.stringify({ id, response: Object.assign({ transports }, ...parts.map(read)) });
}

const known = ({ id, ...rest }: Descriptor) => ({ ...rest, id: bytes(id) });

function bytes(base64url: string) {
  const base64 = base64url.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function text(buffer: ArrayBuffer): string {
  const base64 = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
