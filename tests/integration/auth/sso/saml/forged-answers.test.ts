import { beforeAll, describe, expect, test } from "vitest";
import type { Configured } from "#lib/auth/sso/configuration.ts";
import { acceptSamlAnswer } from "#lib/auth/sso/saml/accept-saml-answer.ts";
import type { Tenant } from "#lib/core/context.ts";
import { visitorOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { FORGERIES } from "#tests/support/forged-answers.ts";
import { aSamlConnection, leftFor } from "#tests/support/saml-connection.ts";
import { aSamlProvider, posted, type SamlProvider, samlAnswer } from "#tests/support/saml-provider.ts";
import { aTenant } from "#tests/support/tenants.ts";

let tenant: Tenant;
let provider: SamlProvider;
let usual: Configured;

beforeAll(async () => {
  tenant = await aTenant();
  provider = await aSamlProvider();
  usual = await aSamlConnection(tenant, provider);
});

/** Whatever a sign-in would leave behind, in all firms. */
async function leftBehind() {
  const [counts] = await owner()`
    select (select count(*) from sessions) sessions, (select count(*) from members) members,
      (select count(*) from federated_identities) identities, (select count(*) from link_requests) links,
      (select count(*) from provider_sessions) provider_sessions, (select count(*) from spent_messages) spent`;
  return counts;
}

async function recordedReason(): Promise<string | undefined> {
  const [event] = await owner()<{ event: string; reason: string }[]>`
    select event, reason from audit_events where tenant_id = ${tenant.id} order by created_at desc limit 1`;
  return event?.event === "sso.refused" ? event.reason : undefined;
}

describe("a forged answer is refused with its reason, and nothing is written (SEC73-SEC79, INC16, INC17, INC18):", () => {
  // Each once, in one way of signing: the verifier itself is shown all of them (unit tests).
  const once = Map.groupBy(FORGERIES, ({ name }) => name).values();
  const rows = [...once].map((ways, index) => ways[index % ways.length]).filter((way) => way !== undefined);

  test.each(rows)("$name, signed: $mode", async ({ mode, make, settings, reason }) => {
    const configured = settings ? await aSamlConnection(tenant, provider) : usual;
    const visit = await leftFor(tenant, configured, provider);
    if (settings) await changeTo(configured, await settings(visit));
    const xml = await samlAnswer(visit, { mode, ...(await make(visit)) });
    const before = await leftBehind();

    const outcome = await acceptSamlAnswer(visitorOf(tenant, { source: aSource() }), {
      connectionId: configured.connection.id,
      samlResponse: posted(xml),
      relayState: visit.relayState,
      flowToken: visit.token,
    });

    expect(outcome).toMatchObject({ outcome: "refused", reason });
    expect(await leftBehind()).toEqual(before);
    expect(await recordedReason()).toBe(reason);
  });
});

let sources = 0;

/** One source has so many answers at once and no more. */
function aSource(): string {
  sources += 1;
  return `203.0.113.${sources % 250}`;
}

async function changeTo({ connection, configuration }: Configured, settings: object): Promise<void> {
  await owner()`update connection_configurations set settings = settings || ${owner().json(settings as never)}
    where tenant_id = ${connection.tenantId} and id = ${configuration.id}`;
}
