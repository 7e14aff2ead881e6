import fc from "fast-check";
import { withTenant } from "#db/tenant.ts";
import { freezeAccount } from "#lib/auth/freeze/freeze-account.ts";
import { unfreezeAccount } from "#lib/auth/freeze/unfreeze-account.ts";
import { unlockMember } from "#lib/auth/lock/unlock-member.ts";
import { changeOwnPassword } from "#lib/auth/password/change-own-password.ts";
import { changePasswordAsDuty } from "#lib/auth/password/change-password.ts";
import { hashPassword } from "#lib/auth/password/hash-password.ts";
import { storePassword } from "#lib/auth/password/password-credentials.ts";
import { setPassword } from "#lib/auth/password/set-password.ts";
import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import { completeReset } from "#lib/auth/reset/complete-reset.ts";
import { requestReset } from "#lib/auth/reset/request-reset.ts";
import { sendReset } from "#lib/auth/reset/send-reset.ts";
import type { StartedSession } from "#lib/auth/session/start-session.ts";
import { DAY, HOUR, MINUTE } from "#lib/core/clock.ts";
import type { MemberContext, Tenant } from "#lib/core/context.ts";
import { DomainError } from "#lib/core/errors.ts";
import { purgeExpired } from "#lib/jobs/purge-expired.ts";
import { acceptInvitation } from "#lib/members/accept-invitation.ts";
import { changeMemberSecurity } from "#lib/members/change-member-security.ts";
import { resendCredentials } from "#lib/members/credentials/resend-credentials.ts";
import { findMemberById, type Member } from "#lib/members/find-member.ts";
import { enqueueInvitation } from "#lib/members/invite.ts";
import { applyHeldAddresses } from "#lib/members/recovery/apply-held-addresses.ts";
import { proposeAddress } from "#lib/members/recovery/propose-address.ts";
import { requestHelp } from "#lib/members/recovery/request-help.ts";
import { deliverEmail } from "#lib/outbox/deliver-email.ts";
import { RECOMMENDED, rulesOf, type SecurityOptions } from "#lib/policy/security-options.ts";
import { changeSecurityOptions } from "#lib/settings/change-security-options.ts";
import { clock } from "./clock.ts";
import { contextOf, visitorOf } from "./contexts.ts";
import { owner } from "./database.ts";
import { enforced } from "./enforcement.ts";
import { federate } from "./federate.ts";
import { anAdministrator, approve } from "./help.ts";
import { type Mail, queuedMail, readMail } from "./mail.ts";
import { mailbox } from "./mail-server.ts";
import { type WayOut, wayOutOf } from "./notices.ts";
import type { AuditRow } from "./oracle.ts";
import { aMember, aTenant } from "./tenants.ts";

/** Somebody of a firm, with what they know, have in the mailbox, and have open in a browser. */
type Person = {
  id: string;
  username: string;
  password?: string;
  before?: string;
  temporary?: string;
  invitation?: string;
  reset?: Pick<Mail, "token" | "code">;
  wayOut?: WayOut;
  session?: StartedSession;
  device?: string;
};

export type Scene = {
  tenant: Tenant;
  people: Person[];
  administrators: [MemberContext, MemberContext];
  byAddress: Map<string, Person>;
  /** How many passwords have been made up. */
  made: number;
};

/** Everything that a firm's people, its staff, its visitors and time can do to somebody's access. */
export type Step =
  | { do: "deliver" | "apply addresses" | "require SSO of staff" }
  | { do: "wait"; for: number }
  | { do: "options"; changes: Partial<SecurityOptions> }
  | { do: "security"; who: number; status: "enabled" | "disabled"; mustChangePassword: boolean }
  | { do: "sign in"; who: number; with: Secret; times: number; from: string; known: boolean }
  | { do: Deed; who: number };

type Secret = "password" | "before" | "temporary" | "wrong";

type Deed = keyof typeof DEEDS;

const FIRST_PASSWORD = "Velvet-kiosk! Orbit 0 lumen";

/**
 * A firm at its beginning: two of the staff with a password, two contacts without one, one of them without an address.
 * What no use case does yet is told to the log here.
 */
export async function aScene(): Promise<Scene> {
  const tenant = await aTenant();
  const members = [
    await aMember(tenant, { kind: "staff", group: "regular" }),
    await aMember(tenant, { kind: "contact" }),
    await aMember(tenant, { kind: "contact", withoutAddress: true }),
    await aMember(tenant, { kind: "staff", group: "read_only" }),
  ];
  for (const member of members) {
    await tell(tenant, "member.created", member.id, { kind: member.kind, address: member.email !== null });
  }
  const people = members.map(({ id, username }): Person => ({ id, username }));
  for (const person of people.filter((_, index) => members[index]?.kind === "staff")) {
    await beginWithPassword(tenant, person);
  }
  const scene: Scene = {
    tenant,
    people,
    administrators: [await anAdministrator(tenant), await anAdministrator(tenant)],
    byAddress: new Map(members.map(({ email }, index) => [email ?? "", people[index] as Person])),
    made: 0,
  };
  // Comparing with what is like the password of before costs a hash for each variant, and changes no state.
  await happen(scene, { do: "options", changes: { lockAfter: 3, administratorsSetContacts: true } });
  return scene;
}

/** What has to be there first is the matter of other tests. */
async function requireSso({ tenant }: Scene): Promise<void> {
  const from = await enforced(tenant, "staff");
  await tell(tenant, "sso.enforced", undefined, { scope: "staff", from: from.toISOString() });
}

/** Hashed once: it is the same in every history. */
let firstHash: Promise<string> | undefined;

async function beginWithPassword(tenant: Tenant, person: Person): Promise<void> {
  firstHash ??= hashPassword(FIRST_PASSWORD);
  const credential = { memberId: person.id, hash: await firstHash, acceptedUnder: rulesOf(RECOMMENDED) };
  await withTenant(tenant.id, (db, now) => storePassword(db, now, credential));
  await tell(tenant, "invitation.accepted", person.id, {});
  person.password = FIRST_PASSWORD;
}

/** Lets a step happen, or be refused. */
export async function happen(scene: Scene, step: Step): Promise<void> {
  try {
    await take(scene, step);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
  }
}

/** The firm's audit log, as it was written. */
export async function auditLogOf(tenant: Tenant): Promise<AuditRow[]> {
  const rows = await owner()`
    select event, target_id, reason, source, detail, created_at from audit_events where tenant_id = ${tenant.id}
    order by created_at, xmin::text::bigint, ctid`;
  return rows.map(
    ({ target_id: targetId, created_at: at, ...row }) => ({ ...row, targetId, at }) as AuditRow,
  );
}

async function take(scene: Scene, step: Step): Promise<unknown> {
  switch (step.do) {
    case "deliver":
      return deliver(scene);
    case "apply addresses":
      return applyHeldAddresses(scene.tenant.id);
    case "require SSO of staff":
      return requireSso(scene);
    case "wait":
      return wait(step.for);
    case "options":
      return changeOptions(scene, step.changes);
    case "security":
      return changeSecurity(scene, step);
    case "sign in":
      return signIn(scene, step);
    default:
      return DEEDS[step.do](scene, personOf(scene, step.who));
  }
}

/** What has run out is cleared away every hour. */
async function wait(period: number): Promise<void> {
  await clock.travel(period);
  await purgeExpired();
}

/** What needs no more than somebody to be done by or to. */
const DEEDS = {
  invite: async ({ tenant }: Scene, { id }: Person) => {
    await promiseInvitation(tenant, id);
  },
  "be settled": async (scene: Scene, person: Person) => {
    const email = await promiseInvitation(scene.tenant, person.id);
    // The one mail that it takes: the others can wait.
    if (email) await deliver(scene, email);
    await DEEDS["accept the invitation"](scene, person);
  },
  "accept the invitation": (scene: Scene, person: Person) =>
    withNewPassword(scene, person, async (chosen) => {
      const input = { token: person.invitation ?? "", ...chosen };
      return (await acceptInvitation(visitorOf(scene.tenant), input)).outcome === "accepted";
    }),
  "resend credentials": ({ administrators }: Scene, { id }: Person) =>
    resendCredentials(administrators[0], { memberId: id }),
  "send a reset": ({ administrators }: Scene, { id }: Person) =>
    sendReset(administrators[0], { memberId: id }),
  "ask for a reset": ({ tenant }: Scene, { username }: Person) =>
    requestReset(visitorOf(tenant), { identifier: username }),
  "complete the reset": (scene: Scene, person: Person) =>
    withNewPassword(scene, person, async (chosen) => {
      const { token = "", code = "" } = person.reset ?? {};
      const input = { token, ...(code !== "" && { code }), ...chosen };
      return (await completeReset(visitorOf(scene.tenant), input)).outcome === "reset";
    }),
  "do the duty": (scene: Scene, person: Person) =>
    withNewPassword(scene, person, async (chosen) => {
      if (!person.session) return false;
      const ctx = await contextOf(scene.tenant, person.session);
      person.session = (await changePasswordAsDuty(ctx, chosen)).session;
      return true;
    }),
  "change the own password": (scene: Scene, person: Person) =>
    withNewPassword(scene, person, (chosen) => changeOwn(scene, person, person.password ?? "", chosen)),
  "mistype the own password": (scene: Scene, person: Person) =>
    withNewPassword(scene, person, (chosen) => changeOwn(scene, person, "not this one", chosen)),
  "be given a password": (scene: Scene, person: Person) =>
    withNewPassword(scene, person, async (chosen) => {
      await setPassword(scene.administrators[0], { memberId: person.id, tick: "on", ...chosen });
      return true;
    }),
  freeze: ({ tenant }: Scene, { wayOut }: Person) => freezeAccount(visitorOf(tenant), wayOut),
  unfreeze: ({ administrators }: Scene, { id }: Person) =>
    unfreezeAccount(administrators[0], { memberId: id }),
  unlock: ({ administrators }: Scene, { id }: Person) => unlockMember(administrators[0], { memberId: id }),
  "get another address": async (scene: Scene, person: Person) => {
    const { tenant, administrators, byAddress, made } = scene;
    const newEmail = `${person.username}-${made}@elsewhere.example`;
    await requestHelp(visitorOf(tenant), { identifier: person.username, reachableAt: "by telephone" });
    const [request] = await owner()`
      select id from recovery_requests where tenant_id = ${tenant.id} and status = 'open' order by created_at desc, ctid desc`;
    const requestId = request?.id as string;
    scene.made += 1;
    byAddress.set(newEmail, person);
    await proposeAddress(administrators[0], { requestId, memberId: person.id, newEmail });
    await approve(administrators[1], requestId);
  },
  federate: async ({ tenant }: Scene, { id }: Person) => {
    await federate(owner(), [id]);
    await tell(tenant, "member.federated", id, {});
  },
};

function promiseInvitation(tenant: Tenant, memberId: string): Promise<string | undefined> {
  return withTenant(tenant.id, async (db) => {
    const member = await findMemberById(db, memberId);
    return member?.connectionId === null && member.email ? enqueueInvitation(db, member) : undefined;
  });
}

/** Delivers one mail, or all that are due. */
async function deliver(scene: Scene, only?: string): Promise<void> {
  const before = mailbox().length;
  for (const id of only ? [only] : await queuedMail(scene.tenant)) await deliverEmail(scene.tenant.id, id);
  for (const mail of mailbox().slice(before).map(readMail)) {
    const person = scene.byAddress.get(mail.to[0] ?? "");
    if (person) read(person, mail);
  }
}

/** Somebody opens a mail and keeps what it holds. */
function read(person: Person, { text, token, code }: Mail): void {
  if (text.includes("/invitation/")) person.invitation = token;
  if (text.includes("/reset-password/")) person.reset = { token, code };
  person.temporary = /[A-Z0-9]{4}(?:-[A-Z0-9]{4}){3}/.exec(text)?.[0] ?? person.temporary;
  if (text.includes("/not-me/")) person.wayOut = wayOutOf({ text });
}

async function changeOptions({ tenant, administrators }: Scene, changes: Partial<SecurityOptions>) {
  const [newest] = await owner()`
    select version, options from security_options where tenant_id = ${tenant.id} order by version desc limit 1`;
  const options = { ...RECOMMENDED, nearCopies: false, ...(newest?.options as object), ...changes };
  return changeSecurityOptions(administrators[0], { ...options, basedOnVersion: newest?.version ?? 0 });
}

async function changeSecurity(scene: Scene, step: Extract<Step, { do: "security" }>) {
  const { id } = personOf(scene, step.who);
  const [member] = await owner()<Member[]>`
    select security_group_id as "securityGroupId" from members where id = ${id}`;
  return changeMemberSecurity(scene.administrators[0], {
    memberId: id,
    securityGroupId: member?.securityGroupId,
    status: step.status,
    mustChangePassword: step.mustChangePassword ? "on" : undefined,
  });
}

async function signIn(scene: Scene, step: Extract<Step, { do: "sign in" }>): Promise<void> {
  const person = personOf(scene, step.who);
  const password = (step.with === "wrong" ? undefined : person[step.with]) ?? "not this one";
  const device = step.known ? person.device : undefined;
  const visitor = visitorOf(scene.tenant, { source: step.from, device });
  for (let time = 0; time < step.times; time += 1) {
    const result = await signInWithPassword(visitor, { identifier: person.username, password });
    if (result.outcome === "refused") continue;
    person.session = result.session;
    person.device = result.session.device ?? person.device;
  }
}

type Chosen = { newPassword: string; confirmPassword: string };

/** Any rules take it. It counts once it is the person's. */
async function withNewPassword(
  scene: Scene,
  person: Person,
  work: (chosen: Chosen) => Promise<boolean>,
): Promise<void> {
  scene.made += 1;
  const newPassword = `Velvet-${scene.made}-kiosk! Orbit ${scene.made} lumen`;
  if (!(await work({ newPassword, confirmPassword: newPassword }))) return;
  person.before = person.password;
  person.password = newPassword;
}

async function changeOwn(scene: Scene, person: Person, currentPassword: string, chosen: Chosen) {
  if (!person.session) return false;
  const ctx = await contextOf(scene.tenant, person.session);
  const result = await changeOwnPassword(ctx, { currentPassword, ...chosen });
  if (result.outcome === "refused") return false;
  person.session = result.session;
  return true;
}

function personOf({ people }: Scene, who: number): Person {
  return people[who % people.length] as Person;
}

/** For what no use case does yet. */
type Told = Record<string, boolean | string>;

async function tell(tenant: Tenant, event: string, targetId: string | undefined, detail: Told) {
  await owner()`
    insert into audit_events (tenant_id, event, actor_kind, target_id, source, request_id, detail)
    values (${tenant.id}, ${event}, 'system', ${targetId ?? null}, 'test', 'test', ${owner().json(detail)})`;
}

const PLACES = ["203.0.113.7", "198.51.100.4", "2001:db8:1:2::1", "2001:db8:1:2:3::9"];

const PERIODS = [1, MINUTE, HOUR, DAY, 2 * DAY, 7 * DAY, 30 * DAY, 60 * DAY];

const waiting = fc.constantFrom(...PERIODS).map((period): Step => ({ do: "wait", for: period }));

const changes: fc.Arbitrary<Partial<SecurityOptions>> = fc.oneof(
  fc.record({ lockAfter: fc.constantFrom(3, 4, 6) }),
  fc.record({ expiryDays: fc.constantFrom(0, 30, 60) }),
  fc.record({ recoveryProfile: fc.constantFrom("link", "link_and_code", "temporary_password") }),
  fc.record({
    rulesApplyAt: fc.constantFrom("next_change", "next_sign_in"),
    minLength: fc.constantFrom(8, 15, 20),
    lengthRequired: fc.boolean(),
    upperRequired: fc.boolean(),
    letterRequired: fc.boolean(),
    numericRequired: fc.boolean(),
    symbolRequired: fc.boolean(),
    minStrength: fc.constantFrom("Poor", "Weak", "Acceptable"),
    breachList: fc.boolean(),
  }),
);

const options = changes.map((some): Step => ({ do: "options", changes: some }));

const DEED_NAMES = Object.keys(DEEDS) as Deed[];

/** Any one thing that may happen to somebody, or to all. */
function anything(who: number): fc.Arbitrary<Step> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...DEED_NAMES).map((deed): Step => ({ do: deed, who })) },
    { weight: 4, arbitrary: someSignIn(who) },
    { weight: 2, arbitrary: someSecurity(who) },
    { weight: 2, arbitrary: options },
    { weight: 3, arbitrary: waiting },
    {
      weight: 2,
      arbitrary: fc.constantFrom<Step>({ do: "deliver" }, { do: "apply addresses" }),
    },
  );
}

function someSignIn(who: number): fc.Arbitrary<Step> {
  return fc
    .record({
      with: fc.constantFrom<Secret>("password", "password", "temporary", "before", "wrong", "wrong"),
      times: fc.constantFrom(1, 1, 2, 4),
      from: fc.constantFrom(...PLACES),
      known: fc.boolean(),
    })
    .map((how): Step => ({ do: "sign in", who, ...how }));
}

function someSecurity(who: number): fc.Arbitrary<Step> {
  return fc
    .record({
      status: fc.constantFrom("enabled", "enabled", "disabled"),
      mustChangePassword: fc.boolean(),
    })
    .map((how): Step => ({ do: "security", who, ...how }));
}

/** What belongs together, so that histories go deep; how far each of them gets is left to chance. */
function plots(who: number): Step[][] {
  const some = (deed: Deed): Step => ({ do: deed, who });
  const signIn = (secret: Secret, times = 1): Step => ({
    ...{ do: "sign in", who, with: secret, times, from: "203.0.113.7", known: false },
  });
  const byTemporary: Step = { do: "options", changes: { recoveryProfile: "temporary_password" } };
  const expiring: Step = { do: "options", changes: { expiryDays: 30 } };
  return [
    [
      some("be settled"),
      signIn("password"),
      some("change the own password"),
      { do: "deliver" },
      some("freeze"),
    ],
    [
      some("be settled"),
      signIn("wrong", 4),
      some("ask for a reset"),
      { do: "deliver" },
      some("complete the reset"),
    ],
    [byTemporary, some("ask for a reset"), { do: "deliver" }, signIn("temporary"), some("do the duty")],
    [some("be given a password"), signIn("password"), { do: "wait", for: 2 * DAY }],
    [some("invite"), { do: "deliver" }, { do: "wait", for: 7 * DAY }, { do: "wait", for: 60 * DAY }],
    [some("get another address"), { do: "deliver" }, { do: "wait", for: DAY }, { do: "apply addresses" }],
    [expiring, { do: "wait", for: 30 * DAY }, signIn("password"), some("do the duty")],
  ];
}

const episode: fc.Arbitrary<Step[]> = fc.nat({ max: 3 }).chain((who) =>
  fc.oneof(
    { weight: 3, arbitrary: anything(who).map((step) => [step]) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom(...plots(who)), fc.integer({ min: 1, max: 5 }))
        .map(([plot, length]) => plot.slice(0, length)),
    },
  ),
);

/** A history of up to this many things that happen. */
export const aHistory = (longest: number): fc.Arbitrary<Step[]> =>
  fc
    .array(episode, { minLength: 4, maxLength: longest, size: "max" })
    .map((episodes) => episodes.flat().slice(0, longest));
