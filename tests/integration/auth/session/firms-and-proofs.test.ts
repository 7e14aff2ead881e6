import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { proveSecondFactor } from "#lib/auth/mfa/prove-second-factor.ts";
import { askForPasskey, provePasskey } from "#lib/auth/passkey/prove-passkey.ts";
import { signInWithPasskey } from "#lib/auth/passkey/sign-in-with-passkey.ts";
import type { StartedSession } from "#lib/auth/session/start-session.ts";
import { completeSsoSignIn } from "#lib/auth/sso/complete-sso-sign-in.ts";
import { proveStepUp } from "#lib/auth/step-up/prove-step-up.ts";
import { MINUTE } from "#lib/core/clock.ts";
import type { Context, Tenant } from "#lib/core/context.ts";
import { createGroup } from "#lib/groups/create-group.ts";
import type { Member } from "#lib/members/find-member.ts";
import type { SecurityOptions } from "#lib/policy/security-options.ts";
import { clock } from "#tests/support/clock.ts";
import { aLiveConnection, arrive, federate, identityAt, leaveFor } from "#tests/support/connections.ts";
import { contextOf, signIn, visitorOf, worthOf } from "#tests/support/contexts.ts";
import { secretOfNewApp, withRecoveryCodes, withTotp } from "#tests/support/factors.ts";
import { withOptions } from "#tests/support/options.ts";
import { type Authenticator, aSignIn, withPasskey } from "#tests/support/passkeys.ts";
import { contentsOf, refused } from "#tests/support/records.ts";
import { proofSize } from "#tests/support/size.ts";
import { someOptions } from "#tests/support/some-options.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

afterEach(() => clock.reset());

const EMAIL = "ada@mail.example";

type Ada = { tenant: Tenant; member: Member };

/** A firm in which Ada has an account, under the same name and with the same password as everywhere. */
async function adaAtAFirm(): Promise<Ada> {
  const tenant = await aTenant();
  const member = await aMember(tenant, { username: "ada", email: EMAIL, password: GOOD_PASSWORD });
  return { tenant, member };
}

const firmOfAda = async (): Promise<Tenant> => (await adaAtAFirm()).tenant;

/** After her password, with what comes next still to be shown. */
async function halfway({ tenant }: Ada): Promise<{ session: StartedSession; ctx: Context }> {
  const session = await signIn(tenant, "ada", GOOD_PASSWORD);
  expect(session).toMatchObject({ kind: "pending", duties: ["second_factor"] });
  return { session, ctx: await contextOf(tenant, session) };
}

async function byCode(ada: Ada, code: string, remember?: "on"): Promise<StartedSession> {
  return opened(await proveSecondFactor((await halfway(ada)).ctx, { code, remember }));
}

async function byPasskey(ada: Ada, key: Authenticator): Promise<StartedSession> {
  const { ctx } = await halfway(ada);
  return opened(await provePasskey(ctx, { passkey: key.get(await askedOf(ctx)) }));
}

async function byPasskeyAlone({ tenant }: Ada, key: Authenticator): Promise<StartedSession> {
  const { ctx, browser, asked } = await aSignIn(tenant);
  return opened(await signInWithPasskey(ctx, { passkey: key.get(asked), browser }));
}

function opened(result: { outcome: string; session?: StartedSession }): StartedSession {
  if (!result.session) throw new Error(`It was ${result.outcome}.`);
  return result.session;
}

async function askedOf(ctx: Context) {
  const asked = await askForPasskey(ctx);
  if (!asked) throw new Error("No passkey was asked for.");
  return asked;
}

/** At the firm's own provider, which knows her by the same subject and address as every other one. */
async function bySso({ tenant, member }: Ada, said: { strong?: boolean } = {}): Promise<StartedSession> {
  const connection = await aLiveConnection(tenant);
  await federate(tenant, member, connection);
  return opened(await arrive(connection, { subject: "ada", claims: { email: EMAIL }, ...said }));
}

/** A browser in which Ada has asked for a code once, and for no more. */
async function aRememberedBrowser(ada: Ada): Promise<string> {
  const nextCode = await withTotp(ada.tenant, ada.member);
  return (await byCode(ada, await nextCode(), "on")).device ?? "";
}

/** How somebody can prove to a firm who they are; each begins a session there. */
const PROOFS: Record<string, (ada: Ada) => Promise<StartedSession>> = {
  password: ({ tenant }) => signIn(tenant, "ada", GOOD_PASSWORD),
  "password and authenticator app": async (ada) =>
    byCode(ada, await (await withTotp(ada.tenant, ada.member))()),
  "password and recovery code": async (ada) => {
    await secretOfNewApp(ada.tenant, ada.member);
    const [code = ""] = await withRecoveryCodes(ada.tenant, ada.member);
    return byCode(ada, code);
  },
  "password and passkey": async (ada) => byPasskey(ada, await withPasskey(ada.tenant, ada.member)),
  passkey: async (ada) => byPasskeyAlone(ada, await withPasskey(ada.tenant, ada.member)),
  "password in a remembered browser": async (ada) => {
    const device = await aRememberedBrowser(ada);
    return signIn(ada.tenant, "ada", GOOD_PASSWORD, { device });
  },
  "single sign-on": (ada) => bySso(ada),
  "single sign-on with the provider's own factor": (ada) => bySso(ada, { strong: true }),
  "single sign-on and authenticator app": async (ada) => {
    const nextCode = await withTotp(ada.tenant, ada.member);
    const session = await bySso(ada);
    const code = await nextCode();
    return opened(await proveSecondFactor(await contextOf(ada.tenant, session), { code }));
  },
  "password by the address, confirmed once more": async ({ tenant }) => {
    const session = await signIn(tenant, EMAIL, GOOD_PASSWORD);
    const result = await proveStepUp(await contextOf(tenant, session), { password: GOOD_PASSWORD });
    if (result.outcome === "refused") throw new Error(`It was refused: ${result.reason}.`);
    return { ...session, token: result.token };
  },
};

/** Each with each, and with itself. */
const CELLS = Object.keys(PROOFS).flatMap((here, index) =>
  Object.keys(PROOFS)
    .slice(index)
    .map((there) => [here, there] as const),
);

const prove = (proof: string, ada: Ada): Promise<StartedSession> => {
  const how = PROOFS[proof];
  if (!how) throw new Error(`There is no proof by ${proof}.`);
  return how(ada);
};

describe("a session opens the firm that it began in and no other, whichever proofs there were in both (A1, A4)", () => {
  test.each(CELLS)("by %s in one, by %s in the other", async (here, there) => {
    const [acme, globex] = [await adaAtAFirm(), await adaAtAFirm()];
    const [atAcme, atGlobex] = [await prove(here, acme), await prove(there, globex)];
    expect([await worthOf(acme.tenant, atAcme), await worthOf(globex.tenant, atGlobex)]).toEqual([
      "full",
      "full",
    ]);
    for (const [session, { tenant: elsewhere }] of [
      [atAcme, globex],
      [atGlobex, acme],
    ] as const) {
      expect(await worthOf(elsewhere, session)).not.toMatch(/full|pending/);
      const { actor, pending } = await contextOf(elsewhere, session);
      expect([actor, pending]).toEqual([undefined, undefined]);
    }
  });
});

describe("a provider of one firm opens nothing at the other, where the same person has the same subject (A4)", () => {
  test("nor does its answer, brought to the other firm's connection", async () => {
    const [acme, globex] = [await adaAtAFirm(), await adaAtAFirm()];
    const [atAcme, atGlobex] = [await aLiveConnection(acme.tenant), await aLiveConnection(globex.tenant)];
    await federate(acme.tenant, acme.member, atAcme);
    await federate(globex.tenant, globex.member, atGlobex);
    const { token: leftAtGlobex } = await leaveFor(atGlobex);
    const { token: leftAtAcme } = await leaveFor(atAcme);
    for (const flowToken of [leftAtAcme, leftAtGlobex, undefined]) {
      const identity = identityAt(atAcme, { subject: "ada" });
      const answer = await completeSsoSignIn(visitorOf(globex.tenant), { identity, flowToken });
      expect(answer).toMatchObject({ outcome: "refused" });
    }
    expect(await arrive(atGlobex, { subject: "ada" })).toMatchObject({ memberId: globex.member.id });
  });
});

describe("what proves a second factor to one firm proves nothing to the other, where its own is due (A4, S10)", () => {
  /** What Ada has at one firm, and tries at the other; then what it is good for at home. */
  type Foreign = { shown: (ctx: Context) => Promise<unknown>; atHome: () => Promise<StartedSession> };

  const TRIED: [string, (home: Ada) => Promise<Foreign>][] = [
    [
      "a code of the app",
      async (home) => {
        const code = await (await withTotp(home.tenant, home.member))();
        return { shown: (ctx) => proveSecondFactor(ctx, { code }), atHome: () => byCode(home, code) };
      },
    ],
    [
      "a recovery code",
      async (home) => {
        await secretOfNewApp(home.tenant, home.member);
        const [code = ""] = await withRecoveryCodes(home.tenant, home.member);
        return { shown: (ctx) => proveSecondFactor(ctx, { code }), atHome: () => byCode(home, code) };
      },
    ],
    [
      "a passkey that answers what this firm asks",
      async (home) => {
        const key = await withPasskey(home.tenant, home.member);
        return {
          shown: async (ctx) => provePasskey(ctx, { passkey: key.get(await askedOf(ctx)) }),
          atHome: () => byPasskey(home, key),
        };
      },
    ],
    [
      "a passkey that answers what its own firm asks",
      async (home) => {
        const key = await withPasskey(home.tenant, home.member);
        const passkey = key.get(await askedOf((await halfway(home)).ctx));
        return { shown: (ctx) => provePasskey(ctx, { passkey }), atHome: () => byPasskey(home, key) };
      },
    ],
  ];

  test.each(TRIED)(
    "%s is refused there, changes nothing in either, and is still good at home",
    async (_, made) => {
      const [home, other] = [await adaAtAFirm(), await adaAtAFirm()];
      await withTotp(other.tenant, other.member);
      await withRecoveryCodes(other.tenant, other.member);
      await withPasskey(other.tenant, other.member);
      const { shown, atHome } = await made(home);
      const { session, ctx } = await halfway(other);
      const before = [await contentsOf(home.tenant), await kept(other)];

      expect(await shown(ctx)).toMatchObject({ outcome: "refused" });

      expect([await contentsOf(home.tenant), await kept(other)]).toEqual(before);
      expect(await worthOf(other.tenant, session)).toBe("pending");
      expect(await worthOf(home.tenant, await atHome())).toBe("full");
    },
  );

  /** All of a firm but the challenges that were answered, by whatever: that they are spent is all that it leaves. */
  async function kept({ tenant }: Ada) {
    const { spent_challenges: _, ...contents } = await contentsOf(tenant);
    return contents;
  }

  test("a browser that one firm remembers is asked by the other", async () => {
    const [home, other] = [await adaAtAFirm(), await adaAtAFirm()];
    const [device] = [await aRememberedBrowser(home), await aRememberedBrowser(other)];
    expect(await signIn(home.tenant, "ada", GOOD_PASSWORD, { device })).toMatchObject({ kind: "full" });
    expect(await signIn(other.tenant, "ada", GOOD_PASSWORD, { device })).toMatchObject({
      kind: "pending",
      duties: ["second_factor"],
    });
  });

  test("a passkey alone opens its own firm, and is unknown to the other", async () => {
    const [home, other] = [await adaAtAFirm(), await adaAtAFirm()];
    const key = await withPasskey(home.tenant, home.member);
    await withPasskey(other.tenant, other.member);
    const before = await kept(other);
    const { ctx, browser, asked } = await aSignIn(other.tenant);
    expect(await signInWithPasskey(ctx, { passkey: key.get(asked), browser })).toMatchObject({
      outcome: "refused",
    });
    expect(await kept(other)).toEqual(before);
    expect(await worthOf(home.tenant, await byPasskeyAlone(home, key))).toBe("full");
  });
});

test("who has just confirmed it to one firm is asked by the other before something sensitive (A4, F5)", async () => {
  const [home, other] = [await adaAtAFirm(), await adaAtAFirm()];
  await clock.stop();
  const [codeAtHome, codeThere] = [
    await withTotp(home.tenant, home.member),
    await withTotp(other.tenant, other.member),
  ];
  const [atHome, there] = [await byCode(home, await codeAtHome()), await byCode(other, await codeThere())];
  await clock.travel(20 * MINUTE);
  const ctxThere = await contextOf(other.tenant, there);
  const code = await codeAtHome();

  expect(await proveStepUp(ctxThere, { code })).toMatchObject({ outcome: "refused" });
  const confirmed = await proveStepUp(await contextOf(home.tenant, atHome), { code });

  expect(confirmed).toMatchObject({ outcome: "proven" });
  const again = await contextOf(other.tenant, there);
  const asked = await refused(other.tenant, () => createGroup(again, { name: "Auditors" }));
  expect(asked).toMatchObject({ stepUp: "factor" });
  const { token } = confirmed as { token: string };
  await createGroup(await contextOf(home.tenant, { ...atHome, token }), { name: "Auditors" });
});

/** What a sign-in ends in, and what is still owed. */
async function outcomeOf(tenant: Tenant) {
  const session = await signIn(tenant, "ada", GOOD_PASSWORD).catch(({ message }: Error) => message);
  if (typeof session === "string") return session;
  const { actor, pending } = await contextOf(tenant, session);
  return { signedIn: actor !== undefined, owes: pending?.duties, because: pending?.changeReason };
}

async function signInUnder(options: SecurityOptions, neighbour?: SecurityOptions) {
  const tenant = await withOptions(await firmOfAda(), options);
  if (neighbour) await withOptions(await firmOfAda(), neighbour);
  return outcomeOf(tenant);
}

test("what a firm asks at sign-in is its own policy, whatever the other firm of the same person asks (A4)", async () => {
  await fc.assert(
    fc.asyncProperty(someOptions, someOptions, async (own, other) => {
      const alone = await signInUnder(own);
      expect(await signInUnder(own, other)).toEqual(alone);
      const tenant = await withOptions(await firmOfAda(), own);
      const neighbour = await firmOfAda();
      const before = await outcomeOf(tenant);
      await withOptions(neighbour, other);
      expect(await outcomeOf(tenant)).toEqual(before);
    }),
    { numRuns: proofSize(10, 200) },
  );
});
