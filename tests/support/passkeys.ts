import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { isoCBOR } from "@simplewebauthn/server/helpers";
import { eq } from "drizzle-orm";
import { passkeys } from "#db/schema/second-factors.ts";
import { sessions } from "#db/schema/sessions.ts";
import { withTenant } from "#db/tenant.ts";
import { askForNewPasskey, registerPasskey } from "#lib/auth/passkey/register-passkey.ts";
import { askForSignIn } from "#lib/auth/passkey/sign-in-with-passkey.ts";
import type { Context, Tenant } from "#lib/core/context.ts";
import { randomToken } from "#lib/core/crypto.ts";
import type { Member } from "#lib/members/find-member.ts";
import { firmOrigin } from "#lib/tenancy/origin.ts";
import { actingAs, visitorOf, withOpenSession } from "./contexts.ts";

/** What an authenticator or a browser says, where a test wants it to be wrong. */
export type Twist = {
  origin?: string;
  rpId?: string;
  type?: string;
  challenge?: string;
  crossOrigin?: boolean;
  present?: boolean;
  verified?: boolean;
  userHandle?: string | undefined;
  counter?: number;
  synced?: boolean;
  id?: string;
  /** A signature by a key that nobody has registered. */
  foreignKey?: boolean;
  attestation?: Map<string | number, unknown>;
  format?: string;
  algorithm?: number;
};

type Asked = { challenge: string; rpId?: string; rp?: { id?: string }; user?: { id: string } };

export type Authenticator = ReturnType<typeof anAuthenticator>;

/** An authenticator made of software, with one passkey of one firm. It counts where `counts` says so. */
export function anAuthenticator(
  { slug }: Tenant,
  { counts = false, synced = false, aaguid = Buffer.alloc(16) } = {},
) {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const other = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const id = randomBytes(32).toString("base64url");
  let counter = 0;
  let userHandle = randomToken();
  const browser = (asked: Asked, type: string, twist: Twist) => {
    const { challenge = asked.challenge, origin = firmOrigin(slug), crossOrigin = false } = twist;
    return Buffer.from(JSON.stringify({ type: twist.type ?? type, challenge, origin, crossOrigin }));
  };
  const data = (asked: Asked, twist: Twist, attested?: Buffer) => {
    const rpId = twist.rpId ?? asked.rpId ?? asked.rp?.id ?? "";
    const head = Buffer.alloc(5);
    head.writeUInt8(flagsOf({ synced, ...twist }, attested !== undefined));
    if (counts) counter += 1;
    head.writeUInt32BE(twist.counter ?? counter, 1);
    return Buffer.concat([sha(rpId), head, attested ?? Buffer.alloc(0)]);
  };
  return {
    id,
    /** The answer to being asked to make a passkey, as the form carries it. */
    create(asked: Asked, twist: Twist = {}): string {
      userHandle = asked.user?.id ?? "";
      const credential = Buffer.from(twist.id ?? id, "base64url");
      const length = Buffer.alloc(2);
      length.writeUInt16BE(credential.length);
      const cose = coseOf(publicKey.export({ format: "jwk" }), twist.algorithm);
      const authData = data(asked, twist, Buffer.concat([aaguid, length, credential, cose]));
      const { format = "none", attestation = new Map() } = twist;
      const attestationObject = cbor(
        new Map<string, unknown>([
          ["fmt", format],
          ["attStmt", attestation],
          ["authData", Uint8Array.from(authData)],
        ]),
      );
      return JSON.stringify({
        id: twist.id ?? id,
        response: {
          clientDataJSON: browser(asked, "webauthn.create", twist).toString("base64url"),
          attestationObject: attestationObject.toString("base64url"),
          transports: ["internal"],
        },
      });
    },
    /** The answer to being asked for it. */
    get(asked: Asked, twist: Twist = {}): string {
      const clientData = browser(asked, "webauthn.get", twist);
      const authenticatorData = data(asked, twist);
      const key = twist.foreignKey ? other.privateKey : privateKey;
      const signature = sign("sha256", Buffer.concat([authenticatorData, sha(clientData)]), key);
      return JSON.stringify({
        id: twist.id ?? id,
        response: {
          clientDataJSON: clientData.toString("base64url"),
          authenticatorData: authenticatorData.toString("base64url"),
          signature: signature.toString("base64url"),
          userHandle: "userHandle" in twist ? twist.userHandle : userHandle,
        },
      });
    },
  };
}

/** Registers a passkey for a member, as they would in their settings. */
export async function withPasskey(
  tenant: Tenant,
  member: Member,
  kind: Parameters<typeof anAuthenticator>[1] = {},
): Promise<Authenticator> {
  const authenticator = anAuthenticator(tenant, kind);
  const ctx = await withOpenSession(actingAs(tenant, member));
  await registerPasskey(ctx, { passkey: authenticator.create(await askForNewPasskey(ctx)) });
  await withTenant(tenant.id, (db) => db.delete(sessions).where(eq(sessions.id, ctx.actor.sessionId)));
  return authenticator;
}

/** A browser that asks to sign in by a passkey: what it was told, and what it keeps. */
export async function aSignIn(tenant: Tenant, ctx: Context = visitorOf(tenant)) {
  const browser = randomToken();
  return { ctx, browser, asked: await askForSignIn(ctx, browser) };
}

export function passkeyRows(tenant: Tenant) {
  return withTenant(tenant.id, (db) => db.select().from(passkeys));
}

function flagsOf({ present = true, verified = true, synced }: Twist, attested: boolean): number {
  const flags = [
    [present, 1],
    [verified, 4],
    [synced, 24],
    [attested, 64],
  ] as const;
  return flags.reduce((sum, [is, bits]) => (is ? sum | bits : sum), 0);
}

function sha(bytes: string | Buffer): Buffer {
  return createHash("sha256").update(bytes).digest();
}

function cbor(value: unknown): Buffer {
  return Buffer.from(isoCBOR.encode(value as Parameters<typeof isoCBOR.encode>[0]));
}

function coseOf({ x = "", y = "" }: { x?: string; y?: string }, algorithm = -7): Buffer {
  const bytes = (text: string) => Uint8Array.from(Buffer.from(text, "base64url"));
  return cbor(
    new Map<number, unknown>([
      [1, 2],
      [3, algorithm],
      [-1, 1],
      [-2, bytes(x)],
      [-3, bytes(y)],
    ]),
  );
}
