import type { TenantId } from "#db/tenant.ts";
import type { Permission } from "#lib/access/permissions.ts";
import type { Proof } from "#lib/policy/second-factor.ts";
import type { ChangeReason, Duty } from "#lib/policy/session.ts";

export type { TenantId } from "#db/tenant.ts";

/** The firm of a request, as the host name decided it. */
export type Tenant = {
  id: TenantId;
  slug: string;
  name: string;
  accent?: string;
  /** Grows with whatever is shown of the firm to whoever is signed out; no two firms ever have one in common. */
  version: number;
};

/** A firm as what acts without a request knows it: nothing is kept for it by a version. */
export type NamedFirm = Omit<Tenant, "version">;

/** Who acts: a member with a full session, or a program with the member's API token. */
export type Actor = {
  memberId: string;
  /** The session, or the API token where one speaks for the member. */
  sessionId: string;
  byApiToken?: boolean;
  kind: "staff" | "contact";
  name: string;
  username: string;
  email: string | undefined;
  groupName: string;
  permissions: ReadonlySet<Permission>;
  /** Which clients, with their contacts, a member of the staff sees: all, or those assigned (E7). */
  clientScope: "all" | "assigned";
  timeZone: string | undefined;
  /** When it was last made sure that it is really them, and by a second factor. What is sensitive asks for it (F5). */
  proven?: { at: Date; factorAt: Date | undefined };
  /** When the session ends: without a request, and in any case. */
  limits?: { idleMinutes: number; expiresAt: Date };
  /** Since when an API token has been good, and until when. */
  token?: { madeAt: Date; expiresAt: Date };
  /** How the session began, when it was seen last, and the clock's time when it was read. */
  begun?: {
    method: "password" | "passkey" | "sso";
    proofs: readonly Proof[];
    at: Date;
    lastSeenAt: Date;
    asOf: Date;
  };
};

/** Where a request came from: an address, what its program calls itself, and the token of a browser that was here before. */
export type Origin = {
  requestId: string;
  source: string;
  userAgent: string;
  host: string;
  device?: string;
  /** A program that is no browser: it keeps a token, and nothing to be known again by. */
  program?: boolean;
};

/** Somebody whose identity is proven and who owes the rest: signed out for everything but these duties. */
export type PendingActor = {
  memberId: string;
  sessionId: string;
  name: string;
  username: string;
  duties: readonly Duty[];
  proofs: readonly Proof[];
  changeReason: ChangeReason | undefined;
};

/** All that a use case may know of its caller. Pages, endpoints, jobs and the command line build one each. */
export type Context = {
  tenant: Tenant;
  origin: Origin;
  actor: Actor | undefined;
  pending: PendingActor | undefined;
  /** What acts where no member does. */
  via: "visitor" | "system" | "operator" | "directory";
  /** The directory that asks, where one does. */
  directory?: Directory;
};

/** A directory of the firm by its SCIM token: it speaks for one connection, and for nobody (SEC82). */
export type Directory = { tokenId: string; connectionId: string; connectionName: string };

export type DirectoryContext = Context & { directory: Directory };

export type MemberContext = Context & { actor: Actor };
