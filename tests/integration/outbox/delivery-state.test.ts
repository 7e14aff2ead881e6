import { describe, expect, test } from "vitest";
import { withTenant } from "#db/tenant.ts";
import { MINUTE } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import { latestCredentialMails, sayDelivery } from "#lib/outbox/delivery-state.ts";
import { clock } from "#tests/support/clock.ts";
import { deliveredMail } from "#tests/support/mail.ts";
import { breakMail } from "#tests/support/mail-server.ts";
import { promise } from "#tests/support/outbox.ts";
import { aMember, aTenant } from "#tests/support/tenants.ts";

const stateOf = (tenant: Tenant, ...ids: string[]) =>
  withTenant(tenant.id, (db) => latestCredentialMails(db, ids));

async function someoneMailed(fault?: Parameters<typeof breakMail>[0]) {
  const tenant = await aTenant();
  const member = await aMember(tenant);
  await promise(tenant, member, { template: "invitation" });
  breakMail(fault);
  await deliveredMail(tenant);
  breakMail(undefined);
  return { tenant, member, mail: (await stateOf(tenant, member.id)).get(member.id) };
}

describe("what became of the mail that a person was sent (K4)", () => {
  test("sent", async () => {
    const { mail } = await someoneMailed();
    expect(mail).toMatchObject({ template: "invitation", state: "sent", reason: null });
    expect(mail && sayDelivery(mail)).toMatch(/^Invitation sent on \d+ \w+ \d{4}, \d\d:\d\d UTC\.$/);
  });

  test("queued, and why it still waits", async () => {
    const { mail } = await someoneMailed({ at: "data", code: 451 });
    expect(mail).toMatchObject({ state: "queued" });
    expect(mail && sayDelivery(mail)).toMatch(/^Invitation waiting .* does not take it at present\.$/);
  });

  test("bounced, with what the mail server said (DEC26)", async () => {
    const { mail } = await someoneMailed({ at: "recipient", code: 550 });
    expect(mail).toMatchObject({ state: "bounced" });
    expect(mail && sayDelivery(mail)).toMatch(/^Invitation bounced on .*: .*550/);
  });

  test("suppressed, and why", async () => {
    const tenant = await aTenant();
    const member = await aMember(tenant, { withoutAddress: true });
    await promise(tenant, member, { template: "reset-password" });
    const mail = (await stateOf(tenant, member.id)).get(member.id);
    expect(mail).toMatchObject({ state: "suppressed", reason: "no_address" });
    expect(mail && sayDelivery(mail)).toMatch(/^Reset link not sent on .*: there is no e-mail address\.$/);
  });

  test("is that of the newest, and of mails with credentials alone", async () => {
    const { tenant, member } = await someoneMailed({ at: "recipient", code: 550 });
    await clock.travel(MINUTE);
    await promise(tenant, member, { template: "temporary-password" });
    await clock.travel(MINUTE);
    await promise(tenant, member, { template: "password-changed" });
    const mail = (await stateOf(tenant, member.id)).get(member.id);
    expect(mail).toMatchObject({ template: "temporary-password", state: "queued" });
  });

  test("is each person's own, and nobody's who was sent nothing or is of another firm", async () => {
    const { tenant, member } = await someoneMailed();
    const silent = await aMember(tenant);
    const foreign = await someoneMailed();
    const states = await stateOf(tenant, member.id, silent.id, foreign.member.id);
    expect([...states.keys()]).toEqual([member.id]);
    expect((await stateOf(tenant)).size).toBe(0);
  });
});
