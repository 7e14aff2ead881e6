import { describe, expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";
import { beginAuthenticatorApp, beginAuthenticatorAppAsDuty } from "#lib/auth/mfa/begin-authenticator-app.ts";
import {
  confirmAuthenticatorApp,
  confirmAuthenticatorAppAsDuty,
} from "#lib/auth/mfa/confirm-authenticator-app.ts";
import {
  describeSecondFactors,
  findBegunAppAsDuty,
  hasSecondFactors,
} from "#lib/auth/mfa/describe-second-factors.ts";
import { makeNewRecoveryCodes } from "#lib/auth/mfa/make-new-recovery-codes.ts";
import { proveSecondFactor } from "#lib/auth/mfa/prove-second-factor.ts";
import { RECOVERY_CODES } from "#lib/auth/mfa/recovery-codes.ts";
import { removeAuthenticatorApp } from "#lib/auth/mfa/remove-authenticator-app.ts";
import { HOUR } from "#lib/core/clock.ts";
import type { Context, Tenant } from "#lib/core/context.ts";
import { setAccess } from "#lib/members/set-access.ts";
import type { SecurityOptions } from "#lib/policy/security-options.ts";
import { clock } from "#tests/support/clock.ts";
import { actingAs, contextOf, signIn, visitorOf, worthOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { codeAt, withTotp } from "#tests/support/factors.ts";
import { oneMail, outboxOf } from "#tests/support/mail.ts";
import { wayOutOf } from "#tests/support/notices.ts";
import { withOptions } from "#tests/support/options.ts";
import { auditOf, refused } from "#tests/support/records.ts";
import { alter, aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

const everything = Object.keys(PERMISSIONS) as Permission[];

async function someone(options: Partial<SecurityOptions> = {}) {
  const tenant = await withOptions(await aTenant(), options);
  const member = await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
  return { tenant, member };
}

const signedIn = async (tenant: Tenant) => contextOf(tenant, await signIn(tenant, "robin", GOOD_PASSWORD));

const nowOf = (tenant: Tenant) => withTenant(tenant.id, async (_db, now) => now);

/** Sets an app up as the page does, and gives its secret and what came of it. */
async function setUp(tenant: Tenant, ctx: Context) {
  const { secret, uri } = await beginAuthenticatorApp(ctx, undefined);
  const code = codeAt(secret, await nowOf(tenant));
  return { secret, uri, code, ...(await confirmAuthenticatorApp(ctx, { code })) };
}

describe("an authenticator app is set up", () => {
  test("by one code of it, with ten recovery codes that are shown once (F1, F3, SEC34, SEC35)", async () => {
    const { tenant, member } = await someone();
    const ctx = await signedIn(tenant);

    const { secret, uri, recoveryCodes } = await setUp(tenant, ctx);

    expect(new URL(uri).searchParams.get("secret")).toBe(secret);
    expect(recoveryCodes).toHaveLength(RECOVERY_CODES);
    const { app, begun, recoveryCodesLeft } = await describeSecondFactors(ctx);
    expect(app?.confirmedAt).toBeInstanceOf(Date);
    expect({ begun, recoveryCodesLeft }).toEqual({ begun: undefined, recoveryCodesLeft: RECOVERY_CODES });
    expect((await signIn(tenant, "robin", GOOD_PASSWORD)).duties).toEqual(["second_factor"]);
    expect((await auditOf(tenant)).map(({ event }) => event)).toContain("authenticator_app.confirmed");

    const mail = await oneMail(tenant);
    expect(mail.to).toEqual([member.emailKey]);
    expect(mail.subject).toBe("An authenticator app was added to your Fabrikam account");
    expect(wayOutOf(mail).code).toMatch(/^\d{4}$/);
  });

  test("and counts for nothing before: until then no code is asked for (SEC34)", async () => {
    const { tenant } = await someone();
    await beginAuthenticatorApp(await signedIn(tenant), undefined);
    expect((await signIn(tenant, "robin", GOOD_PASSWORD)).kind).toBe("full");
  });

  test("with a code that is used thereby (SEC33)", async () => {
    const { tenant } = await someone();
    await clock.stop();
    const { code, secret } = await setUp(tenant, await signedIn(tenant));
    const pending = await contextOf(tenant, await signIn(tenant, "robin", GOOD_PASSWORD));
    expect(await proveSecondFactor(pending, { code })).toMatchObject({ reason: "used_code" });
    const next = codeAt(secret, await nowOf(tenant), 1);
    expect(await proveSecondFactor(pending, { code: next })).toMatchObject({ outcome: "proven" });
  });

  test("in place of the one before, whose codes are over; recovery codes stay", async () => {
    const { tenant } = await someone();
    const ctx = await signedIn(tenant);
    const before = await setUp(tenant, ctx);
    await clock.travel(HOUR);
    const again = await contextOf(tenant, await signInWithApp(tenant, before.secret));
    const { recoveryCodes, replaced } = await setUp(tenant, again);
    expect({ recoveryCodes, replaced }).toEqual({ recoveryCodes: undefined, replaced: true });
    expect((await outboxOf(tenant)).map(({ props }) => props.change)).toEqual(["app_added", "app_replaced"]);
    const pending = await contextOf(tenant, await signIn(tenant, "robin", GOOD_PASSWORD));
    const old = codeAt(before.secret, await nowOf(tenant), 1);
    expect(await proveSecondFactor(pending, { code: old })).toMatchObject({ reason: "wrong_code" });
  });

  test("and ends sign-ins that were halfway: one that was to set up a first factor must not add a second", async () => {
    const { tenant, member } = await someone();
    const own = await signedIn(tenant);
    await alter(tenant, member, { enrolmentRequired: true });
    const thief = await signIn(tenant, "robin", GOOD_PASSWORD);
    expect(thief.duties).toEqual(["enroll_second_factor"]);
    await setUp(tenant, own);
    expect(await worthOf(tenant, thief)).toBe("revoked");
  });
});

async function signInWithApp(tenant: Tenant, secret: string) {
  const pending = await contextOf(tenant, await signIn(tenant, "robin", GOOD_PASSWORD));
  const result = await proveSecondFactor(pending, { code: codeAt(secret, await nowOf(tenant)) });
  if (result.outcome === "refused") throw new Error(result.reason);
  return result.session;
}

describe("an app is not set up", () => {
  test.each(["000000", "12345", "ABCD-EFGH-JKLM-2345", ""])("by %j", async (code) => {
    const { tenant } = await someone();
    const ctx = await signedIn(tenant);
    await beginAuthenticatorApp(ctx, undefined);
    const error = await refused(tenant, () => confirmAuthenticatorApp(ctx, { code }));
    expect(error).toMatchObject({ code: "invalid", fieldErrors: { code: [expect.any(String)] } });
  });

  test("where nothing was begun", async () => {
    const { tenant } = await someone();
    const ctx = await signedIn(tenant);
    const error = await refused(tenant, () => confirmAuthenticatorApp(ctx, { code: "123456" }));
    expect(error.code).toBe("conflict");
  });

  test("an hour after it was begun", async () => {
    const { tenant } = await someone();
    const ctx = await signedIn(tenant);
    await clock.stop();
    const { secret } = await beginAuthenticatorApp(ctx, undefined);
    await clock.travel(HOUR - 1);
    expect((await describeSecondFactors(ctx)).begun?.secret).toBe(secret);
    await clock.travel(1);
    expect((await describeSecondFactors(ctx)).begun).toBeUndefined();
    const code = codeAt(secret, await nowOf(tenant));
    const proven = { at: await nowOf(tenant), factorAt: undefined };
    const fresh = { ...ctx, actor: ctx.actor && { ...ctx.actor, proven } };
    expect((await refused(tenant, () => confirmAuthenticatorApp(fresh, { code }))).code).toBe("conflict");
  });

  test("in another session than the one that began it, which does not see the secret either", async () => {
    const { tenant } = await someone();
    const thief = await signedIn(tenant);
    const own = await signedIn(tenant);
    const { secret } = await beginAuthenticatorApp(own, undefined);
    expect((await describeSecondFactors(thief)).begun).toBeUndefined();
    const code = codeAt(secret, await nowOf(tenant));
    expect((await refused(tenant, () => confirmAuthenticatorApp(thief, { code }))).code).toBe("conflict");

    const { secret: thiefs } = await beginAuthenticatorApp(thief, undefined);
    const other = codeAt(thiefs, await nowOf(tenant));
    expect((await refused(tenant, () => confirmAuthenticatorApp(own, { code: other }))).code).toBe(
      "conflict",
    );
  });

  test("by a visitor, or by an API token", async () => {
    const { tenant } = await someone();
    await refused(tenant, () => beginAuthenticatorApp(visitorOf(tenant), undefined));
    const ctx = await signedIn(tenant);
    const program = { ...ctx, actor: { ...ctx.actor, byApiToken: true } } as Context;
    const error = await refused(tenant, () => beginAuthenticatorApp(program, undefined));
    expect(error.reason).toBe("not_in_person");
  });
});

describe("whoever needs a second factor and has none sets one up before the portal opens (F4)", () => {
  const due = async () => {
    const { tenant, member } = await someone({ secondFactor: "required" });
    const pending = await signIn(tenant, "robin", GOOD_PASSWORD);
    return { tenant, member, pending, ctx: await contextOf(tenant, pending) };
  };

  test("and the code that confirms it opens the portal", async () => {
    const { tenant, pending, ctx } = await due();
    expect(pending.duties).toEqual(["enroll_second_factor"]);
    const { secret } = await beginAuthenticatorAppAsDuty(ctx, undefined);
    expect((await findBegunAppAsDuty(ctx))?.secret).toBe(secret);

    const code = codeAt(secret, await nowOf(tenant));
    const { session, recoveryCodes } = await confirmAuthenticatorAppAsDuty(ctx, { code });

    expect(session.kind).toBe("full");
    expect(recoveryCodes).toHaveLength(RECOVERY_CODES);
    expect(await worthOf(tenant, session)).toBe("full");
    expect(await worthOf(tenant, pending)).toBe("revoked");
  });

  test("a wrong code leaves the duty as it is", async () => {
    const { tenant, pending, ctx } = await due();
    await beginAuthenticatorAppAsDuty(ctx, undefined);
    await refused(tenant, () => confirmAuthenticatorAppAsDuty(ctx, { code: "000000" }));
    expect(await worthOf(tenant, pending)).toBe("pending");
  });

  test("of 20 requests with the right code one goes on (REL5)", async () => {
    const { tenant, ctx } = await due();
    const { secret } = await beginAuthenticatorAppAsDuty(ctx, undefined);
    const code = codeAt(secret, await nowOf(tenant));
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => confirmAuthenticatorAppAsDuty(ctx, { code })),
    );
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("it is no way around a second factor that is there (SEC37)", async () => {
    const { tenant, member } = await someone({ secondFactor: "required" });
    await withTotp(tenant, member);
    const ctx = await contextOf(tenant, await signIn(tenant, "robin", GOOD_PASSWORD));
    const error = await refused(tenant, () => beginAuthenticatorAppAsDuty(ctx, undefined));
    expect(error.reason).toBe("another_duty_first");
    await refused(tenant, () => confirmAuthenticatorAppAsDuty(ctx, { code: "123456" }));
  });
});

describe("an authenticator app is removed", () => {
  test("with the recovery codes that stood for it, and its owner is told", async () => {
    const { tenant } = await someone();
    const ctx = await signedIn(tenant);
    await setUp(tenant, ctx);
    await removeAuthenticatorApp(ctx, undefined);
    expect(await describeSecondFactors(ctx)).toMatchObject({ app: undefined, recoveryCodesLeft: 0 });
    expect((await outboxOf(tenant)).at(-1)?.props.change).toBe("app_removed");
    expect((await signIn(tenant, "robin", GOOD_PASSWORD)).kind).toBe("full");
  });

  test("and no browser is trusted any more for what it proved", async () => {
    const { tenant, member } = await someone();
    const ctx = await signedIn(tenant);
    await setUp(tenant, ctx);
    await owner()`update known_devices set trusted_until = 'infinity' where member_id = ${member.id}`;
    await removeAuthenticatorApp(ctx, undefined);
    expect(await owner()`select 1 from known_devices where trusted_until is not null`).toHaveLength(0);
  });

  test.each([
    ["the firm", { secondFactor: "required" } as const, false],
    ["an administrator", {}, true],
  ])(
    "unless it is the last factor and %s requires one: then the reason is said (F4)",
    async (_who, options, asked) => {
      const { tenant, member } = await someone();
      const ctx = await signedIn(tenant);
      await setUp(tenant, ctx);
      await withOptions(tenant, options);
      await alter(tenant, member, { enrolmentRequired: asked });
      const error = await refused(tenant, () => removeAuthenticatorApp(ctx, undefined));
      expect(error).toMatchObject({ code: "conflict", reason: "last_factor" });
      expect(error.message).toContain("Fabrikam asks you for a second factor");
    },
  );

  test("only where there is one", async () => {
    const { tenant } = await someone();
    const ctx = await signedIn(tenant);
    expect((await refused(tenant, () => removeAuthenticatorApp(ctx, undefined))).code).toBe("not_found");
  });
});

describe("recovery codes are made anew (SEC35)", () => {
  test("and those from before end; the owner is told", async () => {
    const { tenant, member } = await someone();
    const ctx = await signedIn(tenant);
    const { recoveryCodes = [] } = await setUp(tenant, ctx);
    const { codes } = await makeNewRecoveryCodes(ctx, undefined);
    expect(codes).toHaveLength(RECOVERY_CODES);
    expect(codes.filter((code) => recoveryCodes.includes(code))).toEqual([]);
    const rows = await owner()`select 1 from recovery_codes where member_id = ${member.id}`;
    expect(rows).toHaveLength(RECOVERY_CODES);
    expect((await outboxOf(tenant)).at(-1)?.props.change).toBe("codes_made");
  });

  test("only for whoever has a second factor", async () => {
    const { tenant } = await someone();
    const ctx = await signedIn(tenant);
    expect((await refused(tenant, () => makeNewRecoveryCodes(ctx, undefined))).code).toBe("not_found");
  });
});

describe("for whom the firm takes the word of the identity provider there are none (E2)", () => {
  const federated = async (options: Partial<SecurityOptions>) => {
    const { tenant, member } = await someone(options);
    const ctx = await signedIn(tenant);
    await alter(tenant, member, { connectionId: crypto.randomUUID() });
    return { tenant, member, ctx };
  };

  test("the page and all that it does are not there", async () => {
    const { tenant, ctx } = await federated({ trustProviderFactors: true });
    expect(await hasSecondFactors(ctx)).toBe(false);
    for (const attempt of [describeSecondFactors, beginAuthenticatorApp, removeAuthenticatorApp]) {
      expect((await refused(tenant, () => attempt(ctx, undefined))).code).toBe("not_found");
    }
  });

  test("they are there where it does not", async () => {
    const { ctx } = await federated({ trustProviderFactors: false });
    expect(await hasSecondFactors(ctx)).toBe(true);
    expect((await describeSecondFactors(ctx)).app).toBeUndefined();
  });

  test("and for whoever has one already", async () => {
    const { tenant, member, ctx } = await federated({ trustProviderFactors: true });
    await withTotp(tenant, member);
    expect(await hasSecondFactors(ctx)).toBe(true);
  });
});

test("disabling an account leaves its factors, and they are asked for when it is enabled again (D7)", async () => {
  const { tenant, member } = await someone();
  await setUp(tenant, await signedIn(tenant));
  const administrator = actingAs(tenant, await aMember(tenant), ...everything);
  for (const status of ["disabled", "enabled"])
    await setAccess(administrator, { memberId: member.id, status });
  expect((await signIn(tenant, "robin", GOOD_PASSWORD)).duties).toEqual(["second_factor"]);
  expect((await owner()`select 1 from recovery_codes where member_id = ${member.id}`).length).toBe(
    RECOVERY_CODES,
  );
});

describe("a request that was under way changes nothing any more", () => {
  test.each([
    ["once the account is frozen", { frozenAt: new Date() }],
    ["once it is disabled", { status: "disabled" }],
  ] as const)("%s", async (_, change) => {
    const { tenant, member } = await someone();
    const ctx = await signedIn(tenant);
    const { secret } = await beginAuthenticatorApp(ctx, undefined);
    await alter(tenant, member, change);
    const code = codeAt(secret, await nowOf(tenant));
    expect((await refused(tenant, () => confirmAuthenticatorApp(ctx, { code }))).code).toBe(
      "unauthenticated",
    );
  });

  test("once its session has ended", async () => {
    const { tenant } = await someone();
    const ctx = await signedIn(tenant);
    const { secret } = await beginAuthenticatorApp(ctx, undefined);
    await owner()`update sessions set revoked_at = portal_now() where tenant_id = ${tenant.id}`;
    const code = codeAt(secret, await nowOf(tenant));
    expect((await refused(tenant, () => confirmAuthenticatorApp(ctx, { code }))).code).toBe(
      "unauthenticated",
    );
  });
});

test("second factors are not changed so often that their owner's mailbox is flooded", async () => {
  const { tenant } = await someone();
  const ctx = await signedIn(tenant);
  await setUp(tenant, ctx);
  const outcomes: string[] = [];
  for (let time = 0; time < 35; time += 1) {
    const made = makeNewRecoveryCodes(ctx, undefined);
    outcomes.push(
      await made.then(
        () => "made",
        (error) => error.code,
      ),
    );
  }
  expect(outcomes.filter((outcome) => outcome === "made").length).toBeLessThanOrEqual(30);
  expect(outcomes.at(-1)).toBe("rate_limited");
});
