import { describe, expect, test } from "vitest";
import { signInWithPassword } from "#lib/auth/password/sign-in-with-password.ts";
import { requestReset } from "#lib/auth/reset/request-reset.ts";
import { HOUR } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import { clock } from "#tests/support/clock.ts";
import { visitorOf, worthOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { oneMail } from "#tests/support/mail.ts";
import { withOptions } from "#tests/support/options.ts";
import { auditOf, dump } from "#tests/support/records.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

const MAILED = /[A-Z2-9]{4}(?:-[A-Z2-9]{4}){3}/;

async function someoneWithTemporary() {
  const tenant = await withOptions(await aTenant(), { recoveryProfile: "temporary_password" });
  const member = await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
  await clock.stop();
  return { tenant, member, temporary: await mailedTemporary(tenant) };
}

async function mailedTemporary(tenant: Tenant): Promise<string> {
  await requestReset(visitorOf(tenant), { identifier: "robin" });
  const [found] = MAILED.exec((await oneMail(tenant)).text) ?? [];
  if (!found) throw new Error("The mail holds no temporary password.");
  return found;
}

const attempt = (tenant: Tenant, password: string, identifier = "robin") =>
  signInWithPassword(visitorOf(tenant), { identifier, password });

const answerTo = async (tenant: Tenant, password: string) => {
  const result = await attempt(tenant, password);
  return result.outcome === "refused" ? result.reason : result.outcome;
};

describe("a temporary password that was mailed (001-04, B6)", () => {
  test("opens at the standard sign-in a pending session, and nothing else does (001-06, 001-08)", async () => {
    const { tenant, temporary } = await someoneWithTemporary();
    const result = await attempt(tenant, temporary);
    expect(result).toMatchObject({
      outcome: "duty",
      changeReason: "temporary",
      session: { kind: "pending" },
    });
    if (result.outcome !== "duty") return;
    expect(await worthOf(tenant, result.session)).toBe("pending");
  });

  test.each([
    ["in lower case", (text: string) => text.toLowerCase()],
    ["without its dashes", (text: string) => text.replaceAll("-", "")],
    ["with spaces", (text: string) => ` ${text.replaceAll("-", " ")} `],
  ])("may be typed %s", async (_, typed) => {
    const { tenant, temporary } = await someoneWithTemporary();
    expect(await answerTo(tenant, typed(temporary))).toBe("duty");
  });

  test("works 47:59:59 after it left, and at 48 hours no more (001-05)", async () => {
    const { tenant, temporary } = await someoneWithTemporary();
    await clock.travel(48 * HOUR);
    expect(await answerTo(tenant, temporary)).toBe("temporary_password_over");
    await clock.travel(-1000);
    expect(await answerTo(tenant, temporary)).toBe("duty");
  });

  test("works once", async () => {
    const { tenant, temporary } = await someoneWithTemporary();
    expect(await answerTo(tenant, temporary)).toBe("duty");
    expect(await answerTo(tenant, temporary)).toBe("temporary_password_over");
  });

  test("works once, of ten that type it at the same time (REL5)", async () => {
    const { tenant, temporary } = await someoneWithTemporary();
    const answers = await Promise.all(Array.from({ length: 10 }, () => answerTo(tenant, temporary)));
    expect(answers.filter((answer) => answer === "duty")).toHaveLength(1);
    expect(await owner()`select from sessions where tenant_id = ${tenant.id}`).toHaveLength(1);
  });

  test("is replaced by the next one", async () => {
    const { tenant, temporary: first } = await someoneWithTemporary();
    const second = await mailedTemporary(tenant);
    expect(await answerTo(tenant, first)).toBe("temporary_password_over");
    expect(await answerTo(tenant, second)).toBe("duty");
  });

  test("leaves the old password as it is until a new one is chosen: nobody can lock somebody out by asking for it", async () => {
    const { tenant } = await someoneWithTemporary();
    expect(await answerTo(tenant, GOOD_PASSWORD)).toBe("signed_in");
  });

  test("is one person's: it opens no other account, and none of another firm", async () => {
    const { tenant, temporary } = await someoneWithTemporary();
    await aMember(tenant, { username: "kim", password: GOOD_PASSWORD });
    const other = await aTenant();
    await aMember(other, { username: "robin", password: GOOD_PASSWORD });
    expect(await attempt(tenant, temporary, "kim")).toMatchObject({ reason: "wrong_password" });
    expect(await answerTo(other, temporary)).toBe("wrong_password");
  });

  test("cannot be read from a dump, with or without its dashes (SEC10)", async () => {
    const { temporary } = await someoneWithTemporary();
    const everything = await dump();
    expect(everything).not.toContain(temporary);
    expect(everything).not.toContain(temporary.replaceAll("-", ""));
  });

  test("is refused to a disabled account, and spent by the try", async () => {
    const { tenant, member, temporary } = await someoneWithTemporary();
    await owner()`update members set status = 'disabled' where id = ${member.id}`;
    expect(await answerTo(tenant, temporary)).toBe("disabled");
    expect((await auditOf(tenant)).at(-1)).toMatchObject({ event: "sign_in.refused", reason: "disabled" });
    expect(await owner()`select from sessions where tenant_id = ${tenant.id}`).toHaveLength(0);
  });
});
