import { describe, expect, test } from "vitest";
import { DAY, SECOND } from "#lib/core/clock.ts";
import type { MemberContext } from "#lib/core/context.ts";
import { describeFirmLink } from "#lib/firms/describe-firm-link.ts";
import { listLinkedFirms } from "#lib/firms/list-linked-firms.ts";
import { requestFirmLink } from "#lib/firms/request-firm-link.ts";
import { unlinkFirm } from "#lib/firms/unlink-firm.ts";
import { changeMember } from "#lib/members/change-member.ts";
import { applyHeldAddresses } from "#lib/members/recovery/apply-held-addresses.ts";
import { changeTenantStatus } from "#lib/tenancy/manage-tenants.ts";
import { clock } from "#tests/support/clock.ts";
import { signIn, visitorOf, worthOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { anAdministrator, approve, askForHelp, propose } from "#tests/support/help.ts";
import {
  agree,
  askForLink,
  inPerson,
  linksOf,
  SAME_ADDRESS,
  someoneInTwoFirms,
  someoneLinked,
} from "#tests/support/linked-firms.ts";
import { deliveredMail, oneMail, outboxOf } from "#tests/support/mail.ts";
import { otherDigits } from "#tests/support/notices.ts";
import { auditOf, contentsOf, refusalsOf, refused } from "#tests/support/records.ts";
import { statementsOf } from "#tests/support/statements.ts";
import { alter, aMember, aTenant, GOOD_PASSWORD, OTHER_PASSWORD } from "#tests/support/tenants.ts";

const namesOf = async (ctx: MemberContext) => (await listLinkedFirms(ctx)).map(({ name }) => name);

describe("a link is proven by a mail of the other firm (X10, DEC22)", () => {
  test("which goes to the address, names who asks, and links nothing by itself", async () => {
    const { acme, globex, ada } = await someoneInTwoFirms();
    await requestFirmLink(ada, { firm: globex.slug });
    expect(await outboxOf(acme)).toEqual([]);
    const mail = await oneMail(globex);
    expect(mail.to).toEqual([SAME_ADDRESS]);
    expect(mail.text).toContain("ACME");
    expect(mail.text).toContain(`://${globex.slug}.`);
    expect(await linksOf(acme, globex)).toEqual([]);
  });

  test("both logs say it, each its own", async () => {
    const { acme, globex, here, there } = await someoneLinked();
    expect(await auditOf(acme)).toMatchObject([
      { event: "firm_link.requested", actorId: here.id, targetId: here.id },
      { event: "firm.linked", targetId: here.id, actorKind: "system", detail: { otherFirm: globex.slug } },
    ]);
    expect((await auditOf(globex)).map(({ event }) => event)).toEqual([
      "firm_link.offered",
      "secret.minted",
      "mail.sent",
      "firm.linked",
    ]);
    expect((await auditOf(globex)).at(-1)).toMatchObject({
      targetId: there.id,
      actorKind: "visitor",
      detail: { otherFirm: acme.slug },
    });
  });

  test("each account sees the other one", async () => {
    const { acme, globex, here, there, ada } = await someoneLinked();
    expect(await linksOf(acme, globex)).toHaveLength(2);
    expect(await listLinkedFirms(ada)).toMatchObject([
      { name: "Globex", slug: globex.slug, username: "ada", kind: "staff", need: "sign_in" },
    ]);
    expect(await listLinkedFirms(inPerson(globex, there))).toMatchObject([{ name: "ACME" }]);
    expect(here.id).not.toBe(there.id);
  });

  test.each(["GLOBEX", "its host", "its address"])("the firm is found by %s", async (how) => {
    const { globex, ada } = await someoneInTwoFirms();
    const host = visitorOf(globex).origin.host;
    const firm = { GLOBEX: globex.slug.toUpperCase(), "its host": host }[how] ?? `http://${host}/sign-in?x#y`;
    await requestFirmLink(ada, { firm: ` ${firm} ` });
    expect(await deliveredMail(globex)).toHaveLength(1);
  });

  test("whoever signs in there by SSO can be linked, and no password is spoken of (E2)", async () => {
    const scene = await someoneInTwoFirms({ federated: true });
    expect(await agree(scene, await askForLink(scene))).toMatchObject({ outcome: "linked" });
    expect(await listLinkedFirms(scene.ada)).toMatchObject([{ need: "identity_provider" }]);
  });

  test("linking twice is linking once", async () => {
    const scene = await someoneLinked();
    expect(await agree(scene, await askForLink(scene))).toMatchObject({ outcome: "linked" });
    expect(await linksOf(scene.acme, scene.globex)).toHaveLength(2);
  });
});

describe("a mail's link alone does nothing (B3, DEC9)", () => {
  test("looking at it changes nothing, however often", async () => {
    const scene = await someoneInTwoFirms();
    const { token } = await askForLink(scene);
    const before = await contentsOf(scene.globex);
    for (let visit = 0; visit < 5; visit += 1) {
      expect(await describeFirmLink(visitorOf(scene.globex), token)).toEqual({
        state: "live",
        maskedAddress: "a***@m***.example",
        askingFirm: `ACME (${scene.acme.slug})`,
      });
    }
    expect(await contentsOf(scene.globex)).toEqual(before);
  });

  test("without digits it is refused", async () => {
    const scene = await someoneInTwoFirms();
    const { token } = await askForLink(scene);
    await refused(scene.globex, () => agree(scene, { token, code: "" }));
    expect(await linksOf(scene.acme, scene.globex)).toEqual([]);
  });

  test("wrong digits link nothing, and five of them end it", async () => {
    const scene = await someoneInTwoFirms();
    const { token, code } = await askForLink(scene);
    for (let step = 1; step <= 5; step += 1) {
      const wrong = { token, code: otherDigits(code, step) };
      expect(await agree(scene, wrong)).toMatchObject({ outcome: "wrong_code", attemptsLeft: 5 - step });
    }
    expect(await agree(scene, { token, code })).toMatchObject({ outcome: "dead", state: "exhausted" });
    expect(await linksOf(scene.acme, scene.globex)).toEqual([]);
    expect(await refusalsOf(scene.globex, "firm.linked")).toContain("wrong_code");
  });

  test("it works once", async () => {
    const scene = await someoneInTwoFirms();
    const wayOut = await askForLink(scene);
    await agree(scene, wayOut);
    expect(await agree(scene, wayOut)).toMatchObject({ outcome: "dead", state: "used" });
  });

  test("it works for a day", async () => {
    await clock.stop();
    const scene = await someoneInTwoFirms();
    const wayOut = await askForLink(scene);
    await clock.travel(DAY + SECOND);
    expect(await agree(scene, wayOut)).toMatchObject({ outcome: "dead", state: "expired" });
    expect(await linksOf(scene.acme, scene.globex)).toEqual([]);
  });

  test("it is worth nothing in the firm that asked, or in a third one (A1)", async () => {
    const scene = await someoneInTwoFirms();
    const wayOut = await askForLink(scene);
    for (const globex of [scene.acme, await aTenant()]) {
      expect(await agree({ globex }, wayOut)).toMatchObject({ outcome: "dead", state: "unknown" });
    }
    expect(await linksOf(scene.acme, scene.globex)).toEqual([]);
  });
});

describe("nothing is linked when, before the digits are typed,", () => {
  test.each([
    [
      "the account there has another address",
      "there",
      { email: "x@mail.example", emailKey: "x@mail.example" },
    ],
    ["the account here has another address", "here", { email: "x@mail.example", emailKey: "x@mail.example" }],
    ["the account there is switched off", "there", { status: "disabled" }],
    ["the account here is switched off", "here", { status: "disabled" }],
    ["the account here is frozen", "here", { frozenAt: new Date() }],
    ["the account there is frozen", "there", { frozenAt: new Date() }],
  ] as const)("%s", async (_, whose, changes) => {
    const scene = await someoneInTwoFirms();
    const wayOut = await askForLink(scene);
    const firm = whose === "here" ? scene.acme : scene.globex;
    await alter(firm, scene[whose], changes);
    expect(await agree(scene, wayOut)).toMatchObject({ outcome: "dead", state: "unknown" });
    expect(await linksOf(scene.acme, scene.globex)).toEqual([]);
  });
});

describe("who asks learns nothing of who has an account where (B1)", () => {
  const others = {
    known: {},
    "switched off": { status: "disabled" },
    federated: { federated: true },
    unknown: { email: "somebody@else.example", username: "somebody" },
  } as const;

  test("the answer and the work are the same", async () => {
    const shapes: string[][] = [];
    for (const wanted of Object.values(others)) {
      const { ada, globex } = await someoneInTwoFirms(wanted);
      shapes.push(
        await statementsOf(async () =>
          expect(await requestFirmLink(ada, { firm: globex.slug })).toBeUndefined(),
        ),
      );
    }
    for (const shape of shapes) expect(shape).toEqual(shapes[0]);
  });

  test.each(["unknown", "switched off"] as const)(
    "an address that is %s there gets no mail",
    async (state) => {
      const { ada, globex } = await someoneInTwoFirms(others[state]);
      await requestFirmLink(ada, { firm: globex.slug });
      expect(await deliveredMail(globex)).toEqual([]);
      expect(await outboxOf(globex)).toMatchObject([{ status: "suppressed", to_address: null }]);
    },
  );

  test.each(["no-such-firm", "www", "*", "a.b.c", "http://evil.example/", "'; drop table members"])(
    "%s is no firm, and the answer is the same",
    async (firm) => {
      const { ada } = await someoneInTwoFirms();
      expect(await requestFirmLink(ada, { firm })).toBeUndefined();
    },
  );

  test("a firm that is switched off is as one that never was", async () => {
    const { ada, globex } = await someoneInTwoFirms();
    await changeTenantStatus(globex.slug, "disabled");
    const before = await contentsOf(globex);
    expect(await requestFirmLink(ada, { firm: globex.slug })).toBeUndefined();
    expect(await contentsOf(globex)).toEqual(before);
  });

  test("the own firm sends no mail to itself", async () => {
    const { ada, acme } = await someoneInTwoFirms();
    await requestFirmLink(ada, { firm: acme.slug });
    expect(await outboxOf(acme)).toEqual([]);
  });
});

describe("asking is refused", () => {
  test("to an API token", async () => {
    const { ada, acme, globex } = await someoneInTwoFirms();
    const program = { ...ada, actor: { ...ada.actor, byApiToken: true } };
    const error = await refused(acme, () => requestFirmLink(program, { firm: globex.slug }));
    expect(error).toMatchObject({ code: "forbidden" });
    expect(await outboxOf(globex)).toEqual([]);
  });

  test("to an account without an address", async () => {
    const { ada, acme, globex } = await someoneInTwoFirms();
    const nameless = { ...ada, actor: { ...ada.actor, email: undefined } };
    const error = await refused(acme, () => requestFirmLink(nameless, { firm: globex.slug }));
    expect(error).toMatchObject({ code: "invalid" });
    expect(await outboxOf(globex)).toEqual([]);
  });

  test("after ten in a row, which is recorded (B11)", async () => {
    const { ada, acme } = await someoneInTwoFirms();
    for (let time = 0; time < 10; time += 1) await requestFirmLink(ada, { firm: "no-such-firm" });
    const error = await refused(acme, () => requestFirmLink(ada, { firm: "no-such-firm" }));
    expect(error).toMatchObject({ code: "rate_limited" });
    expect(await refusalsOf(acme, "firm_link.requested")).toEqual(["too_many_firm_links"]);
  });

  test("by the sixth mail to one address, without a word to who asks (B11)", async () => {
    const { ada, globex } = await someoneInTwoFirms();
    for (let time = 0; time < 6; time += 1) await requestFirmLink(ada, { firm: globex.slug });
    expect(await deliveredMail(globex)).toHaveLength(5);
    expect((await outboxOf(globex)).at(-1)).toMatchObject({ reason: "too_many_mails" });
  });
});

describe("a link ends in both firms", () => {
  test.each(["here", "there"] as const)("from the side that is %s, and both logs say it", async (side) => {
    const { acme, globex, ada, there } = await someoneLinked();
    const [ctx, other] = side === "here" ? [ada, globex] : [inPerson(globex, there), acme];
    await unlinkFirm(ctx, { firmId: other.id });
    expect(await linksOf(acme, globex)).toEqual([]);
    for (const firm of [acme, globex]) {
      expect((await auditOf(firm)).at(-1)).toMatchObject({ event: "firm.unlinked" });
    }
  });

  test("when one of the accounts gets another address", async () => {
    await clock.stop();
    const { acme, globex, here } = await someoneLinked();
    const [first, second] = [await anAdministrator(acme), await anAdministrator(acme)];
    const requestId = await askForHelp(acme, here.username);
    await propose({ tenant: acme, member: here, ada: first, alan: second, requestId });
    await approve(second, requestId);
    await deliveredMail(acme);
    await clock.travel(DAY);
    expect(await applyHeldAddresses(acme.id)).toBe(1);
    expect(await linksOf(acme, globex)).toEqual([]);
    expect(await auditOf(acme)).toContainEqual(
      expect.objectContaining({ event: "firm.unlinked", targetId: here.id, reason: "address_changed" }),
    );
  });

  test("when an administrator gives one of the accounts another address", async () => {
    const { acme, globex, there } = await someoneLinked();
    const names = { name: "Ada Morgan", username: "ada", email: "ada@elsewhere.example" };
    // Only of an account that nobody signs in by (B12).
    await owner()`delete from password_credentials where member_id = ${there.id}`;
    await changeMember(await anAdministrator(globex), { memberId: there.id, ...names });
    expect(await linksOf(acme, globex)).toEqual([]);
    expect(await auditOf(globex)).toContainEqual(
      expect.objectContaining({ event: "firm.unlinked", targetId: there.id, reason: "address_changed" }),
    );
  });

  test("and goes on when only the name changes", async () => {
    const { acme, globex, there } = await someoneLinked();
    const names = { name: "Ada Morgan", username: "ada", email: SAME_ADDRESS };
    await changeMember(await anAdministrator(globex), { memberId: there.id, ...names });
    expect(await linksOf(acme, globex)).toHaveLength(2);
  });

  test("and what is not linked cannot be ended", async () => {
    const { acme, globex, ada } = await someoneInTwoFirms();
    const error = await refused(acme, () => unlinkFirm(ada, { firmId: globex.id }));
    expect(error).toMatchObject({ code: "not_found" });
  });

  test("nobody ends another one's", async () => {
    const { acme, globex } = await someoneLinked();
    const stranger = inPerson(acme, await aMember(acme));
    const error = await refused(acme, () => unlinkFirm(stranger, { firmId: globex.id }));
    expect(error).toMatchObject({ code: "not_found" });
    expect(await linksOf(acme, globex)).toHaveLength(2);
  });

  test("no API token ends one", async () => {
    const { acme, globex, ada } = await someoneLinked();
    const program = { ...ada, actor: { ...ada.actor, byApiToken: true } };
    const error = await refused(acme, () => unlinkFirm(program, { firmId: globex.id }));
    expect(error).toMatchObject({ code: "forbidden" });
    expect(await linksOf(acme, globex)).toHaveLength(2);
  });
});

describe("linked firms never bleed (X10)", () => {
  test("a session of one is nothing in the other", async () => {
    const { acme, globex } = await someoneLinked();
    const session = await signIn(acme, "ada", GOOD_PASSWORD);
    expect(await worthOf(acme, session)).toBe("full");
    expect(await worthOf(globex, session)).toBe("unknown");
  });

  test("a password of one is nothing in the other", async () => {
    const { globex } = await someoneLinked();
    await expect(signIn(globex, "ada", GOOD_PASSWORD)).rejects.toThrow("refused");
    expect((await signIn(globex, "ada", OTHER_PASSWORD)).kind).toBe("full");
  });

  test("who is switched off in one goes on in the other, and sees that it is off", async () => {
    const { acme, globex, there, ada } = await someoneLinked();
    const session = await signIn(acme, "ada", GOOD_PASSWORD);
    await alter(globex, there, { status: "disabled" });
    expect(await worthOf(acme, session)).toBe("full");
    expect(await listLinkedFirms(ada)).toMatchObject([{ name: "Globex", need: "access_switched_off" }]);
  });

  test("who must choose a new password in one is asked for nothing in the other", async () => {
    const { acme, globex, there, ada } = await someoneLinked();
    await alter(globex, there, { mustChangePassword: true });
    expect((await signIn(acme, "ada", GOOD_PASSWORD)).kind).toBe("full");
    expect(await listLinkedFirms(ada)).toMatchObject([{ need: "new_password" }]);
  });

  test("a firm that is switched off disappears, and comes back", async () => {
    const { globex, ada } = await someoneLinked();
    await changeTenantStatus(globex.slug, "disabled");
    expect(await namesOf(ada)).toEqual([]);
    await changeTenantStatus(globex.slug, "enabled");
    expect(await namesOf(ada)).toEqual(["Globex"]);
  });

  test("nobody else of the firm sees it", async () => {
    const { acme } = await someoneLinked();
    expect(await namesOf(inPerson(acme, await aMember(acme)))).toEqual([]);
  });
});
