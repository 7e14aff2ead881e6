import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { totpFactors } from "#db/schema/second-factors.ts";
import { withTenant } from "#db/tenant.ts";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import { SENSITIVE_ACTIONS, type SensitiveAction } from "#lib/access/sensitive-actions.ts";
import { after as later, MINUTE, SECOND } from "#lib/core/clock.ts";
import type { Context, MemberContext, Tenant } from "#lib/core/context.ts";
import { DomainError } from "#lib/core/errors.ts";
import { changeMember } from "#lib/members/change-member.ts";
import type { Member } from "#lib/members/find-member.ts";
import { RECOMMENDED } from "#lib/policy/security-options.ts";
import { clock } from "#tests/support/clock.ts";
import { actingAs } from "#tests/support/contexts.ts";
import { withOptions } from "#tests/support/options.ts";
import { auditOf, contentsOf, refused } from "#tests/support/records.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";
import { type DeclaredUseCase, declaredUseCases } from "#tests/support/use-cases.ts";

const everything = Object.keys(PERMISSIONS) as Permission[];
const sensitive = declaredUseCases().filter(({ stepUp }) => stepUp !== undefined);

const TYPED = { newPassword: "violet anchor 3 drum", confirmPassword: "violet anchor 3 drum" };

/** As a browser sends it that has made a passkey. */
const MADE = JSON.stringify({
  id: "AAAA",
  response: {
    clientDataJSON: Buffer.from('{"type":"webauthn.create","challenge":"AAAA"}').toString("base64url"),
    attestationObject: "AAAA",
  },
});

/** What each sensitive use case takes: enough to be asked whether it is really its caller. */
const INPUTS: Record<string, unknown> = {
  generateApiToken: {},
  setPassword: { memberId: randomUUID(), tick: "on", ...TYPED },
  exportEvents: { filters: {}, byteOrderMark: false },
  changeSecurityOptions: { ...RECOMMENDED, basedOnVersion: 0 },
  restoreSecurityOptions: { version: 0, basedOnVersion: 0 },
  changeFirmSettings: {
    ...{ name: "A Firm", supportName: "", supportEmail: "", supportPhone: "", timeZone: "Etc/UTC" },
    ...{ auditDays: "", deletedDays: 90 },
  },
  createGroup: { name: "Auditors" },
  changeGroup: { groupId: randomUUID(), name: "Auditors" },
  deleteGroup: { groupId: randomUUID() },
  createMember: { kind: "staff", name: "Nora Lind", email: "nora@mail.example" },
  changeMemberSecurity: { memberId: randomUUID(), securityGroupId: randomUUID(), status: "enabled" },
  proposeAddress: { requestId: randomUUID(), memberId: randomUUID(), newEmail: "nora@mail.example" },
  approveAddress: { requestId: randomUUID(), memberId: randomUUID(), newEmailKey: "nora@mail.example" },
  beginExport: { kind: "staff", filters: {} },
  exportMemberData: { memberId: randomUUID() },
  runImport: { importId: randomUUID() },
  setAccess: { memberId: randomUUID(), status: "disabled" },
  deleteMember: { memberId: randomUUID() },
  unlinkMember: { memberId: randomUUID() },
  restoreMember: { memberId: randomUUID() },
  eraseMember: { memberId: randomUUID(), confirmation: "Robin Example", name: "Robin Example" },
  deleteClient: { clientId: randomUUID(), name: "Client", confirmation: "Client" },
  createConnection: { kind: "oidc", name: "Provider" },
  changeConnection: { connectionId: randomUUID(), name: "Provider", firstSignIn: "link" },
  saveDraft: { kind: "saml", connectionId: randomUUID() },
  discardDraft: { connectionId: randomUUID() },
  putIntoService: { connectionId: randomUUID(), configurationId: randomUUID() },
  rollBack: { connectionId: randomUUID() },
  retireConnection: { connectionId: randomUUID(), name: "Provider" },
  addGroupRule: { connectionId: randomUUID(), groupValue: "staff", securityGroupId: randomUUID() },
  moveGroupRule: { connectionId: randomUUID(), ruleId: randomUUID(), to: "up" },
  removeGroupRule: { connectionId: randomUUID(), ruleId: randomUUID() },
  addDomain: { connectionId: randomUUID(), domain: "fabrikam.example" },
  verifyDomain: { connectionId: randomUUID(), domainId: randomUUID() },
  removeDomain: { connectionId: randomUUID(), domainId: randomUUID() },
  enforceSso: { scope: "staff", from: "", people: 0 },
  liftSso: {},
  proposeBreakGlass: { memberId: randomUUID() },
  armBreakGlass: { breakGlassId: randomUUID(), passkeyId: randomUUID() },
  stopBreakGlass: { breakGlassId: randomUUID() },
  sendSetupLink: { connectionId: randomUUID(), toAddress: "it@mail.example", minutes: 60 },
  generateScimToken: { connectionId: randomUUID(), name: "Sync", expiresInDays: "180" },
  resetFactors: { memberId: randomUUID(), reason: "Lost on a train", confirmed: "on", tick: "on" },
  endOneSession: { sessionId: randomUUID() },
  endOwnSessions: { which: "others" },
  registerPasskey: { passkey: MADE },
  removePasskey: { passkeyId: randomUUID() },
  beginAuthenticatorApp: undefined,
  confirmAuthenticatorApp: { code: "000000" },
  makeNewRecoveryCodes: undefined,
  removeAuthenticatorApp: undefined,
  requestEmailChange: { newEmail: "new@mail.example", currentPassword: GOOD_PASSWORD },
};

/** An Administrator whose session was proven so long ago, by a second factor or without. */
async function sessionProven(
  tenant: Tenant,
  member: Member,
  proven: NonNullable<MemberContext["actor"]["proven"]>,
): Promise<MemberContext> {
  const ctx = actingAs(tenant, member, ...everything);
  return { ...ctx, actor: { ...ctx.actor, proven } };
}

async function enrolled(tenant: Tenant): Promise<Member> {
  const member = await aMember(tenant, { password: GOOD_PASSWORD });
  await withTenant(tenant.id, (db, now) =>
    db.insert(totpFactors).values({ memberId: member.id, sealedSecret: "s", keyId: "k", confirmedAt: now }),
  );
  return member;
}

async function outcomeOf({ module, name }: DeclaredUseCase, ctx: Context): Promise<unknown> {
  const run = (await import(/* @vite-ignore */ resolve(module)))[name];
  return run(ctx, INPUTS[name]).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
}

test("every sensitive action is one of the catalogue's, and each of the catalogue is done somewhere (F5)", () => {
  const done = new Set(sensitive.map(({ stepUp }) => stepUp));
  expect([...done].sort()).toEqual(Object.keys(SENSITIVE_ACTIONS).sort());
  expect(Object.keys(SENSITIVE_ACTIONS).length).toBeGreaterThanOrEqual(12);
  expect(Object.keys(INPUTS)).toEqual(expect.arrayContaining(sensitive.map(({ name }) => name)));
});

describe.each(sensitive.map((declared) => [declared.name, declared] as const))(
  "%s (F5, SEC39)",
  (_, declared) => {
    const { asks } = SENSITIVE_ACTIONS[declared.stepUp as SensitiveAction];

    test("is refused in a session whose second factor was proven a quarter of an hour ago", async () => {
      const tenant = await aTenant();
      const member = await enrolled(tenant);
      const now = await clock.stop();
      const before = await contentsOf(tenant);

      const ctx = await sessionProven(tenant, member, { at: now, factorAt: later(now, -15 * MINUTE) });
      expect(await outcomeOf(declared, ctx)).toMatchObject({ code: "forbidden", stepUp: "factor" });

      expect(await contentsOf(tenant)).toEqual(before);
      expect(await auditOf(tenant)).toContainEqual(
        expect.objectContaining({ event: `${declared.event}.refused`, reason: "step_up_factor" }),
      );
    });

    test("and is not, a second before", async () => {
      const tenant = await aTenant();
      const member = await enrolled(tenant);
      const now = await clock.stop();
      const ctx = await sessionProven(tenant, member, {
        at: now,
        factorAt: later(now, SECOND - 15 * MINUTE),
      });
      expect(stepUpOf(await outcomeOf(declared, ctx))).toBeUndefined();
    });

    test("is not done by a password where a second factor is there to be proven", async () => {
      const tenant = await aTenant();
      const member = await enrolled(tenant);
      const now = await clock.stop();
      const ctx = await sessionProven(tenant, member, { at: now, factorAt: undefined });
      expect(stepUpOf(await outcomeOf(declared, ctx))).toBe("factor");
    });

    test("leads whoever has no second factor to set one up, or asks for the password of whoever changes what is their own", async () => {
      const tenant = await aTenant();
      const member = await aMember(tenant, { password: GOOD_PASSWORD });
      const long = { at: new Date(0), factorAt: undefined };
      const ctx = await sessionProven(tenant, member, long);
      expect(stepUpOf(await outcomeOf(declared, ctx))).toBe(asks === "factor" ? "enroll" : "password");
    });
  },
);

test("a firm may ask those only who have a second factor", async () => {
  const tenant = await withOptions(await aTenant(), { stepUpFor: "enrolled" });
  const member = await aMember(tenant, { password: GOOD_PASSWORD });
  const ctx = await sessionProven(tenant, member, { at: new Date(0), factorAt: undefined });
  const createGroup = sensitive.find(({ name }) => name === "createGroup");
  if (!createGroup) throw new Error("There is no such use case.");
  expect(stepUpOf(await outcomeOf(createGroup, ctx)), "the others type their password again").toBe(
    "password",
  );
  const fresh = await sessionProven(tenant, member, { at: await clock.stop(), factorAt: undefined });
  expect(await outcomeOf(createGroup, fresh)).toBeUndefined();
});

test("another address for an account of the staff that nobody uses yet asks for as much as making it (F5)", async () => {
  const tenant = await aTenant();
  const member = await enrolled(tenant);
  const [invited, contact] = [await aMember(tenant), await aMember(tenant, { kind: "contact" })];
  const ctx = await sessionProven(tenant, member, { at: new Date(0), factorAt: undefined });
  const change = ({ id, name, username, email }: Member, to = email) =>
    changeMember(ctx, { memberId: id, name, username, email: to, version: 1 });

  const error = await refused(tenant, () => change(invited, "mallory@mail.example"));
  expect(error).toMatchObject({ code: "forbidden", stepUp: "factor" });
  await change(invited);
  await change(contact, "cleo@mail.example");
});

function stepUpOf(thrown: unknown): string | undefined {
  return thrown instanceof DomainError ? thrown.stepUp : undefined;
}
