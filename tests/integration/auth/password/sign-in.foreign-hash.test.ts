import { describe, expect, test } from "vitest";
import { acceptForeignHash } from "#lib/auth/password/foreign/accept-foreign-hash.ts";
import { hashPassword } from "#lib/auth/password/hash-password.ts";
import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import type { Tenant } from "#lib/core/context.ts";
import { RECOMMENDED, rulesOf } from "#lib/policy/security-options.ts";
import { visitorOf } from "#tests/support/contexts.ts";
import { FIREBASE, VECTORS } from "#tests/support/foreign-vectors.ts";
import { anImportedMember, bcryptOf, credentialOf } from "#tests/support/imported.ts";
import { withOptions } from "#tests/support/options.ts";
import { alter, aTenant, GOOD_PASSWORD, OTHER_PASSWORD } from "#tests/support/tenants.ts";

const OWN = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/;
/** On no list, and shorter than a firm asks for. */
const TOO_SHORT = "qv7kioskw";
const LEAKED = "1234567890123456";

const trySignIn = (tenant: Tenant, password: string) =>
  signInWithPassword(visitorOf(tenant), { identifier: "robin", password });

describe("the first sign-in by an imported hash (D6)", () => {
  test("opens a session, and leaves a hash of the house's own in its place", async () => {
    const tenant = await aTenant();
    const member = await anImportedMember(tenant, bcryptOf(GOOD_PASSWORD));
    expect(await trySignIn(tenant, GOOD_PASSWORD)).toMatchObject({ outcome: "signed_in" });
    const kept = await credentialOf(member);
    expect(kept).toMatchObject({ changed_at: null, accepted_under: rulesOf(RECOMMENDED) });
    expect(kept?.hash).toMatch(OWN);
    expect(await trySignIn(tenant, GOOD_PASSWORD)).toMatchObject({ outcome: "signed_in" });
    expect(await credentialOf(member)).toEqual(kept);
  });

  test.each(VECTORS)("replaces it, whichever system made it: %s", async (_, password, hash) => {
    const tenant = await aTenant();
    const member = await anImportedMember(tenant, hash);
    expect((await trySignIn(tenant, password)).outcome).not.toBe("refused");
    expect((await credentialOf(member))?.hash).toMatch(OWN);
  });

  test("by a wrong password is refused, and never hashes anything anew", async () => {
    const tenant = await aTenant();
    const hash = bcryptOf(GOOD_PASSWORD);
    const member = await anImportedMember(tenant, hash);
    for (const password of [OTHER_PASSWORD, "x", GOOD_PASSWORD.toUpperCase(), hash]) {
      expect(await trySignIn(tenant, password)).toMatchObject({
        outcome: "refused",
        reason: "wrong_password",
      });
    }
    expect(await credentialOf(member)).toEqual({ hash, changed_at: null, accepted_under: null });
  });

  test("of a disabled account is refused, and changes nothing", async () => {
    const tenant = await aTenant();
    const hash = bcryptOf(GOOD_PASSWORD);
    const member = await anImportedMember(tenant, hash, { status: "disabled" });
    expect(await trySignIn(tenant, GOOD_PASSWORD)).toMatchObject({ outcome: "refused", reason: "disabled" });
    expect((await credentialOf(member))?.hash).toBe(hash);
  });

  test("of a frozen account is refused, and changes nothing", async () => {
    const tenant = await aTenant();
    const hash = bcryptOf(GOOD_PASSWORD);
    const member = await anImportedMember(tenant, hash);
    await alter(tenant, member, { frozenAt: new Date() });
    expect(await trySignIn(tenant, GOOD_PASSWORD)).toMatchObject({ outcome: "refused", reason: "frozen" });
    expect((await credentialOf(member))?.hash).toBe(hash);
  });

  test("by a hash that costs too much to verify is refused like a wrong password", async () => {
    const tenant = await aTenant();
    await anImportedMember(tenant, `$2b$31$${bcryptOf(GOOD_PASSWORD).slice(7)}`);
    expect(await trySignIn(tenant, GOOD_PASSWORD)).toMatchObject({ reason: "wrong_password" });
  });

  test("by bcrypt and more than 72 bytes goes on, and vouches for nothing that bcrypt has not seen", async () => {
    const tenant = await aTenant();
    const long = "velvet kiosk 7 otter marble quilt anchor drum violet 3 lantern pepper sonata";
    const hash = bcryptOf(long);
    const member = await anImportedMember(tenant, hash);
    expect(await trySignIn(tenant, `${long} another end`)).toMatchObject({ outcome: "signed_in" });
    expect((await credentialOf(member))?.hash).toBe(hash);
  });
});

describe("an imported password is judged when it is typed for the first time:", () => {
  test("one that is less than the firm's rules ask for has to be changed, and is asked for each time", async () => {
    const tenant = await withOptions(await aTenant(), { rulesApplyAt: "next_change" });
    const member = await anImportedMember(tenant, bcryptOf(TOO_SHORT));
    for (let times = 0; times < 2; times += 1) {
      expect(await trySignIn(tenant, TOO_SHORT)).toMatchObject({
        outcome: "duty",
        changeReason: "rules_changed",
        session: { kind: "pending" },
      });
    }
    const kept = await credentialOf(member);
    expect(kept).toMatchObject({ accepted_under: null });
    expect(kept?.hash).toMatch(OWN);
  });

  test("one that is made of its owner's name has to be changed", async () => {
    const tenant = await withOptions(await aTenant("Fabrikam"), { lengthRequired: false });
    await anImportedMember(tenant, bcryptOf("fabrikam-robin"));
    expect(await trySignIn(tenant, "fabrikam-robin")).toMatchObject({ changeReason: "rules_changed" });
  });

  test("one that is on the list of leaked ones has to be changed for that reason", async () => {
    const tenant = await aTenant();
    await anImportedMember(tenant, bcryptOf(LEAKED));
    expect(await trySignIn(tenant, LEAKED)).toMatchObject({ outcome: "duty", changeReason: "breached" });
  });

  test("one that the rules accept is not asked for where rules bind at the next sign-in (C1)", async () => {
    const tenant = await withOptions(await aTenant(), { rulesApplyAt: "next_sign_in" });
    await anImportedMember(tenant, bcryptOf(GOOD_PASSWORD));
    expect(await trySignIn(tenant, GOOD_PASSWORD)).toMatchObject({ outcome: "signed_in" });
  });

  test("and one of the house's own parameters is judged as well", async () => {
    const tenant = await aTenant();
    await anImportedMember(tenant, await hashPassword(TOO_SHORT));
    expect(await trySignIn(tenant, TOO_SHORT)).toMatchObject({ changeReason: "rules_changed" });
  });
});

test("Firebase's hash brings its project's parameters along", async () => {
  const taken = acceptForeignHash({ hash: FIREBASE.hash, salt: FIREBASE.salt, firebase: FIREBASE.project });
  const tenant = await aTenant();
  const member = await anImportedMember(tenant, "hash" in taken ? taken.hash : "");
  expect(await trySignIn(tenant, FIREBASE.password)).toMatchObject({ outcome: "duty" });
  expect((await credentialOf(member))?.hash).toMatch(OWN);
});
