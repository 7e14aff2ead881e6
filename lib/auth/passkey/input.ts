import * as z from "zod";

/** Far more than any answer of an authenticator. */
const MAX_ANSWER = 20_000;

const UNREADABLE = "The answer of your passkey could not be read. Please try again.";

const Base64Url = z.string().regex(/^[A-Za-z0-9_-]+$/);

/** The id of a credential: 1023 bytes at most (WebAuthn 6.1). */
const CredentialId = Base64Url.max(1364);

const ClientData = z
  .string()
  .transform((text) => Buffer.from(text, "base64url").toString("utf8"))
  .transform(fromJson)
  .pipe(z.object({ type: z.string(), challenge: z.string(), crossOrigin: z.boolean().optional() }));

const Assertion = z.object({
  id: CredentialId,
  response: z.object({
    clientDataJSON: Base64Url,
    authenticatorData: Base64Url,
    signature: Base64Url,
    userHandle: Base64Url.optional(),
  }),
});

const Attestation = z.object({
  id: CredentialId,
  response: z.object({
    clientDataJSON: Base64Url,
    attestationObject: Base64Url,
    transports: z
      .array(z.string().regex(/^[a-z-]{1,20}$/))
      .max(8)
      .optional(),
  }),
});

/** What a browser gives back when it is asked for a passkey, as the form carries it. */
export const PasskeyAssertion = answered(Assertion);

/** What a browser gives back when it has made a passkey. */
export const PasskeyAttestation = answered(Attestation);

export type PasskeyAssertion = z.output<typeof PasskeyAssertion>;
export type PasskeyAttestation = z.output<typeof PasskeyAttestation>;

/** JSON in a form's field, with what the browser signed beside it. */
function answered<Answer extends { response: { clientDataJSON: string } }>(schema: z.ZodType<Answer>) {
  return z
    .string(UNREADABLE)
    .max(MAX_ANSWER, UNREADABLE)
    .transform(fromJson)
    .pipe(schema)
    .transform((answer, context) => {
      const clientData = ClientData.safeParse(answer.response.clientDataJSON).data;
      if (clientData) return { ...answer, clientData };
      context.addIssue({ code: "custom", message: UNREADABLE });
      return z.NEVER;
    });
}

function fromJson(text: string, context: z.core.$RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: "custom", message: UNREADABLE });
    return z.NEVER;
  }
}

const PasskeyId = z.uuid("This passkey does not exist.");

export const RenamePasskeyInput = z.object({
  passkeyId: PasskeyId,
  name: z
    .string("Enter a name.")
    .trim()
    .min(1, "Enter a name.")
    .max(80, "The name may have 80 characters at most.")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused.
    .regex(/^[^\u0000-\u001f\u007f]*$/, "The name may have no line breaks."),
});

export const RemovePasskeyInput = z.object({ passkeyId: PasskeyId });
