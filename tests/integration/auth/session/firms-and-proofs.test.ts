import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StartedSession } from "#lib/auth/session/start-session.ts";
import type { Tenant } from "#lib/core/context.ts";
import type { SecurityOptions } from "#lib/policy/security-options.ts";
import { contextOf, signIn, worthOf } from "#tests/support/contexts.ts";
import { withOptions } from "#tests/support/options.ts";
import { proofSize } from "#tests/support/size.ts";
import { someOptions } from "#tests/support/some-options.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

const EMAIL = "ada@mail.example";

/** A firm in which Ada has an account, under the same name and with the same password as everywhere. */
async function firmOfAda(): Promise<Tenant> {
  const tenant = await aTenant();
  await aMember(tenant, { username: "ada", email: EMAIL, password: GOOD_PASSWORD });
  return tenant;
}

/** How somebody can prove to a firm who they are; each begins a session there. */
const PROOFS: Record<string, (tenant: Tenant) => Promise<StartedSession>> = {
  password: (tenant) => signIn(tenant, "ada", GOOD_PASSWORD),
  "password, by the address": (tenant) => signIn(tenant, EMAIL, GOOD_PASSWORD),
};

const CELLS = Object.keys(PROOFS).flatMap((here) =>
  Object.keys(PROOFS).map((there) => [here, there] as const),
);

const prove = (proof: string, tenant: Tenant): Promise<StartedSession> => {
  const how = PROOFS[proof];
  if (!how) throw new Error(`There is no proof by ${proof}.`);
  return how(tenant);
};

describe("a session opens the firm that it began in and no other, whichever proofs there were in both (A1, A4)", () => {
  test.each(CELLS)("by %s in one, by %s in the other", async (here, there) => {
    const [acme, globex] = [await firmOfAda(), await firmOfAda()];
    const [atAcme, atGlobex] = [await prove(here, acme), await prove(there, globex)];
    expect([await worthOf(acme, atAcme), await worthOf(globex, atGlobex)]).toEqual(["full", "full"]);
    for (const [session, elsewhere] of [
      [atAcme, globex],
      [atGlobex, acme],
    ] as const) {
      expect(await worthOf(elsewhere, session)).not.toMatch(/full|pending/);
      const { actor, pending } = await contextOf(elsewhere, session);
      expect([actor, pending]).toEqual([undefined, undefined]);
    }
  });
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
