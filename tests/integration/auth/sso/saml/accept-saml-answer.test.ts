import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { providerSessions } from "#db/schema/connections.ts";
import { withTenant } from "#db/tenant.ts";
import type { SsoOutcome } from "#lib/auth/sso/complete-sso-sign-in.ts";
import type { Configured } from "#lib/auth/sso/configuration.ts";
import type { SsoRefusal } from "#lib/auth/sso/refuse-sso.ts";
import { acceptSamlAnswer } from "#lib/auth/sso/saml/accept-saml-answer.ts";
import { after, HOUR, MINUTE } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import type { Member } from "#lib/members/find-member.ts";
import { clock } from "#tests/support/clock.ts";
import { visitorOf, worthOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import {
  aSamlConfiguration,
  aSamlConnection,
  leftFor,
  linkTo,
  type Visit,
} from "#tests/support/saml-connection.ts";
import {
  aSamlProvider,
  posted,
  type SamlProvider,
  samlAnswer,
  samlKey,
  type Wanted,
} from "#tests/support/saml-provider.ts";
import { aMember, aTenant } from "#tests/support/tenants.ts";

let tenant: Tenant;
let provider: SamlProvider;
let configured: Configured;
let member: Member;

beforeEach(async () => {
  tenant = await aTenant();
  provider = await aSamlProvider();
  configured = await aSamlConnection(tenant, provider);
  member = await aMember(tenant, { group: "regular" });
  await linkTo(tenant, configured, member, "upstream-1");
});

type Outcome = SsoOutcome | SsoRefusal;

async function answer(visit: Visit, wanted: Wanted = {}): Promise<Outcome> {
  return bring(visit, await samlAnswer(visit, wanted));
}

type Brought = { firm?: Tenant; connection?: string; token?: string | undefined; relayState?: string };

function bring(visit: Visit, xml: string, brought: Brought = {}): Promise<Outcome> {
  const { firm = tenant, connection = configured.connection.id, relayState = visit.relayState } = brought;
  const flowToken = "token" in brought ? brought.token : visit.token;
  return acceptSamlAnswer(visitorOf(firm), {
    ...{ connectionId: connection, samlResponse: posted(xml), relayState, flowToken },
  });
}

async function sessionsOf(firm = tenant): Promise<number> {
  const [row] = await owner()`select count(*)::int as n from sessions where tenant_id = ${firm.id}`;
  return row?.n;
}

function tokenOf(outcome: Outcome): { token: string } {
  if (!("session" in outcome)) throw new Error(`There is no session: ${JSON.stringify(outcome)}`);
  return outcome.session;
}

describe("an honest answer signs in whom the provider knows by this name (G2):", () => {
  const CBC = "http://www.w3.org/2001/04/xmlenc#aes256-cbc";
  const GCM = "http://www.w3.org/2009/xmlenc11#aes128-gcm";
  const forUs = async () => ({ certificate: (await samlKey("our own")).certificate });
  const MORE = "http://www.w3.org/2001/04/xmldsig-more#";

  test.each<[string, () => Wanted | Promise<Wanted>]>([
    ["the answer signed", () => ({ mode: "response" })],
    ["the assertion signed", () => ({ mode: "assertion" })],
    ["both signed", () => ({ mode: "both" })],
    [
      "with a declaration in front, and line ends of Windows",
      () => ({ afterwards: (xml) => `<?xml version="1.0" encoding="UTF-8"?>\r\n${xml}` }),
    ],
    ["signed by RSA with SHA-384", () => ({ signing: { algorithm: `${MORE}rsa-sha384` } })],
    [
      "signed by RSA with SHA-512",
      () => ({
        signing: { algorithm: `${MORE}rsa-sha512`, digest: "http://www.w3.org/2001/04/xmlenc#sha512" },
      }),
    ],
    [
      "signed by RSA-PSS",
      () => ({ signing: { algorithm: "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1" } }),
    ],
    ["encrypted, the assertion signed", async () => ({ mode: "assertion", encryptFor: await forUs() })],
    ["encrypted, the answer signed", async () => ({ mode: "response", encryptFor: await forUs() })],
    [
      "encrypted with AES-128-GCM, both signed",
      async () => ({ encryptFor: { ...(await forUs()), method: GCM } }),
    ],
    [
      "encrypted with AES-256-CBC, both signed",
      async () => ({ encryptFor: { ...(await forUs()), method: CBC } }),
    ],
    ["with a clock that is two minutes ahead", () => ({ assertion: (xml) => shifted(xml, 2) })],
    ["with a clock that is two minutes behind", () => ({ assertion: (xml) => shifted(xml, -2) })],
  ])("%s", async (_, wanted) => {
    const visit = await leftFor(tenant, configured, provider);
    const outcome = await answer(visit, await wanted());

    expect(outcome).toMatchObject({ outcome: "signed_in", memberId: member.id, next: "/workspaces" });
    expect(await worthOf(tenant, tokenOf(outcome))).toBe("full");
  });

  test("signed by an elliptic curve", async () => {
    const curve = await samlKey("curve", { type: "ec" });
    const other = await aSamlConnection(tenant, { ...provider, ...curve });
    const visit = await leftFor(tenant, other, { ...provider, ...curve });
    const xml = await samlAnswer(visit, { signing: { algorithm: `${MORE}ecdsa-sha256` } });
    expect(await bring(visit, xml, { connection: other.connection.id })).toMatchObject({
      outcome: "signed_in",
    });
  });

  test("and what its logout will name is kept with the session (G9)", async () => {
    const visit = await leftFor(tenant, configured, provider);
    await answer(visit);
    const kept = await withTenant(tenant.id, (db) =>
      db.select().from(providerSessions).where(eq(providerSessions.connectionId, configured.connection.id)),
    );
    expect(kept).toMatchObject([
      {
        subject: "upstream-1",
        providerSession: expect.stringMatching(/^_/),
        nameId: { Format: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent" },
      },
    ]);
  });

  const shifted = (xml: string, minutes: number) =>
    xml.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (time) =>
      after(new Date(time), minutes * MINUTE).toISOString(),
    );
});

describe("one answer signs in once (SEC77, REL5):", () => {
  test("it is refused the second time, in the same browser or another", async () => {
    const visit = await leftFor(tenant, configured, provider);
    const xml = await samlAnswer(visit);
    expect(await bring(visit, xml)).toMatchObject({ outcome: "signed_in" });

    expect(await bring(visit, xml)).toMatchObject({ outcome: "refused" });
    const again = await leftFor(tenant, configured, provider);
    expect(await bring(again, xml)).toMatchObject({ outcome: "refused", reason: "wrong_request" });
    expect(await sessionsOf()).toBe(1);
  });

  test("its assertion in another answer is refused, though nobody has asked for either", async () => {
    await allowUnsolicited();
    const visit = { ...(await leftFor(tenant, configured, provider)), requestId: undefined };
    const xml = await samlAnswer(visit, { mode: "assertion" });
    const unasked = { token: undefined, relayState: "" };
    expect(await bring(visit, xml, unasked)).toMatchObject({ outcome: "signed_in" });
    const around = xml.replace(/ ID="[^"]*"/, ' ID="_another"');
    expect(await bring(visit, around, unasked)).toMatchObject({ outcome: "refused", reason: "replayed" });
    expect(await sessionsOf()).toBe(1);
  });

  test("of fifty at once one signs in", async () => {
    const visit = await leftFor(tenant, configured, provider);
    const xml = await samlAnswer(visit);
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => bring(visit, xml)));
    expect(outcomes.filter(({ outcome }) => outcome === "signed_in")).toHaveLength(1);
    expect(await sessionsOf()).toBe(1);
  });

  test("two requests under way need an answer each", async () => {
    const first = await leftFor(tenant, configured, provider);
    const second = await leftFor(tenant, configured, provider);
    const xml = await samlAnswer(first);
    expect(await bring(second, xml)).toMatchObject({ outcome: "refused", reason: "wrong_request" });
    expect(await sessionsOf()).toBe(0);
  });
});

describe("an answer is for the browser that has asked (SEC76, INC21):", () => {
  test("a browser without the cookie is refused", async () => {
    const visit = await leftFor(tenant, configured, provider);
    const outcome = await bring(visit, await samlAnswer(visit), { token: undefined });
    expect(outcome).toMatchObject({ outcome: "refused", reason: "no_sign_in_begun" });
    expect(await sessionsOf()).toBe(0);
  });

  test("another site that knows no state cannot end what is under way", async () => {
    const visit = await leftFor(tenant, configured, provider);
    const forged = await bring(visit, await samlAnswer(visit, { mode: "none" }), { relayState: "" });
    expect(forged).toMatchObject({ outcome: "refused", reason: "wrong_relay_state" });
    expect(await answer(visit)).toMatchObject({ outcome: "signed_in" });
  });

  test("ten minutes after it was asked for, it is refused (DEC18)", async () => {
    const visit = await leftFor(tenant, configured, provider);
    await clock.travel(10 * MINUTE);
    const late = { ...visit, now: after(visit.now, 10 * MINUTE) };
    expect(await bring(late, await samlAnswer(late))).toMatchObject({ outcome: "refused" });
    expect(await sessionsOf()).toBe(0);
  });
});

describe("an answer is for one connection of one firm (SEC76, INC17):", () => {
  test("that of another connection of the firm is refused, signed by the same provider or not", async () => {
    const other = await aSamlConnection(tenant, provider);
    const there = await leftFor(tenant, other, provider);
    const here = await leftFor(tenant, configured, provider);
    const misled = { ...there, requestId: here.requestId };
    expect(await bring(here, await samlAnswer(misled))).toMatchObject({
      outcome: "refused",
      reason: "wrong_destination",
    });
    expect(await sessionsOf()).toBe(0);
  });

  test("that of another firm is refused, by the provider's name where the key is another", async () => {
    const other = await aTenant();
    const theirs = await aSamlProvider("https://theirs.example/metadata", "second");
    const connection = await aSamlConnection(other, theirs);
    const here = await leftFor(tenant, configured, provider);
    const there = await leftFor(other, connection, theirs);
    const swapped = await bring(here, await samlAnswer({ ...here, provider: theirs }));
    expect(swapped).toMatchObject({ outcome: "refused", reason: "wrong_issuer" });
    const back = await bring(there, await samlAnswer({ ...there, provider }), {
      ...{ firm: other, connection: connection.connection.id },
    });
    expect(back).toMatchObject({ outcome: "refused", reason: "wrong_issuer" });
    expect(await sessionsOf()).toBe(0);
    expect(await sessionsOf(other)).toBe(0);
  });

  test("a connection of another firm is not found", async () => {
    const other = await aTenant();
    const visit = await leftFor(tenant, configured, provider);
    await expect(bring(visit, await samlAnswer(visit), { firm: other })).rejects.toMatchObject({
      code: "not_found",
    });
    expect(await sessionsOf(other)).toBe(0);
  });

  test.each(["draft", "testing", "retired"] as const)(
    "a connection in state %s signs nobody in",
    async (state) => {
      const visit = await leftFor(tenant, configured, provider);
      await owner()`update connections set state = ${state} where id = ${configured.connection.id}`;
      expect(await answer(visit)).toMatchObject({ outcome: "refused", reason: "connection_not_live" });
      expect(await sessionsOf()).toBe(0);
    },
  );
});

async function allowUnsolicited(): Promise<void> {
  await owner()`update connections set allows_unsolicited = true where id = ${configured.connection.id}`;
}

describe("an answer that nobody has asked for (S6, G8, SEC78)", () => {
  async function unasked(brought: Brought = {}, wanted: Wanted = {}) {
    const visit = { ...(await leftFor(tenant, configured, provider)), requestId: undefined };
    return bring(visit, await samlAnswer(visit, wanted), { token: undefined, relayState: "", ...brought });
  }

  test("is refused unless the firm has said so", async () => {
    expect(await unasked()).toMatchObject({ outcome: "refused", reason: "unsolicited" });
    expect(await sessionsOf()).toBe(0);
  });

  test("signs in where it has, and leads to a page of the list alone", async () => {
    await allowUnsolicited();
    expect(await unasked()).toMatchObject({ outcome: "signed_in", next: "/" });
    expect(await unasked({ relayState: "/clients" })).toMatchObject({ next: "/clients" });
    for (const relayState of ["https://evil.example", "//evil.example", "/sso/start", "/\\evil"])
      expect(await unasked({ relayState })).toMatchObject({ outcome: "signed_in", next: "/" });
  });

  test("makes no account for somebody new: whoever sends the link would choose it (INC20)", async () => {
    await allowUnsolicited();
    expect(await unasked({}, { subject: "upstream-9" })).toMatchObject({ outcome: "refused" });
    expect(await sessionsOf()).toBe(0);
  });

  test("cannot be what is left of one that was asked for", async () => {
    await allowUnsolicited();
    const visit = await leftFor(tenant, configured, provider);
    const xml = await samlAnswer(visit, { mode: "assertion" });
    const stripped = xml.replace(/ InResponseTo="[^"]*"/, "");
    const outcome = await bring(visit, stripped, { token: undefined, relayState: "" });
    expect(outcome).toMatchObject({ outcome: "refused", reason: "wrong_request" });
    expect(await sessionsOf()).toBe(0);
  });
});

describe("while a provider changes its key (SEC81, DEC19)", () => {
  test("either of two certificates will do", async () => {
    const next = await samlKey("second");
    const two = await aSamlConnection(tenant, provider, {
      settings: { certificates: [next.certificate, provider.certificate] },
    });
    await linkTo(tenant, two, member, "upstream-1");
    for (const signing of [next, provider]) {
      const visit = await leftFor(tenant, two, provider);
      const xml = await samlAnswer(visit, { signing });
      expect(await bring(visit, xml, { connection: two.connection.id })).toMatchObject({
        outcome: "signed_in",
      });
    }
  });

  test("the configuration before still signs in until its day, and the new one's failure is counted", async () => {
    await owner()`update connection_configurations set role = 'past' where id = ${configured.configuration.id}`;
    const soon = after(new Date(), HOUR);
    const former = await aSamlConfiguration(tenant, configured.connection.id, provider, {
      ...{ role: "former", servesUntil: soon },
    });
    const broken = { certificates: [(await samlKey("second")).certificate] };
    const serving = await aSamlConfiguration(tenant, configured.connection.id, provider, {
      ...{ role: "serving", settings: broken },
    });
    const visit = await leftFor(tenant, serving, provider);
    expect(await answer(visit)).toMatchObject({ outcome: "signed_in" });
    expect(await countsOf(serving)).toEqual({ successes: 0, failures: 1 });
    expect(await countsOf(former)).toEqual({ successes: 1, failures: 0 });

    await clock.travel(2 * HOUR);
    const later = await leftFor(tenant, serving, provider);
    expect(await answer(later)).toMatchObject({ outcome: "refused", reason: "unknown_signature" });
    expect(await sessionsOf()).toBe(1);
  });

  async function countsOf({ configuration }: Configured) {
    const [row] =
      await owner()`select successes, failures from connection_configurations where id = ${configuration.id}`;
    return row;
  }
});

test("a test sign-in goes by the draft, and ends in no session (G3)", async () => {
  const draft = await aSamlConfiguration(tenant, configured.connection.id, provider, { role: "draft" });
  const visit = await leftFor(tenant, draft, provider, { purpose: "test" });
  expect(await answer(visit)).toMatchObject({ outcome: "tested" });
  expect(await sessionsOf()).toBe(0);
});

test("what comes in has to be base64 of UTF-8 (SEC74)", async () => {
  const send = async (samlResponse: string) => {
    const { token: flowToken, relayState } = await leftFor(tenant, configured, provider);
    const { connection } = configured;
    return acceptSamlAnswer(visitorOf(tenant), {
      ...{ connectionId: connection.id, samlResponse, relayState, flowToken },
    });
  };
  expect(await send("<not base64>")).toMatchObject({ reason: "not_base64" });
  expect(await send("")).toMatchObject({ reason: "not_base64" });
  expect(await send(Buffer.from([0xff, 0xfe, 0x3c]).toString("base64"))).toMatchObject({
    reason: "not_utf8",
  });
  expect(await send(Buffer.from("<a/>", "utf16le").toString("base64"))).toMatchObject({ outcome: "refused" });
  expect(await sessionsOf()).toBe(0);
});

describe("what nobody here has asked for costs little (SEC90):", () => {
  const unasked = (samlResponse: string, more: object = {}) =>
    acceptSamlAnswer(visitorOf(tenant), { connectionId: configured.connection.id, samlResponse, ...more });

  test("where it may not come, nothing reads it", async () => {
    const visit = await leftFor(tenant, configured, provider);
    expect(await unasked("<not base64>")).toMatchObject({ reason: "unsolicited" });
    expect(await unasked("<not base64>", { relayState: visit.relayState })).toMatchObject({
      reason: "no_sign_in_begun",
    });
    expect(await unasked("<not base64>", { flowToken: visit.token })).toMatchObject({
      reason: "wrong_relay_state",
    });
    expect(await sessionsOf()).toBe(0);
  });

  test("where it may, some forty come at once from one source, and whoever has asked comes all the same", async () => {
    await allowUnsolicited();
    const sent = await Promise.allSettled(Array.from({ length: 70 }, () => unasked("<not base64>")));
    const refused = sent.flatMap((one) => (one.status === "rejected" ? [one.reason.code] : []));
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThanOrEqual(30);
    expect(new Set(refused)).toEqual(new Set(["rate_limited"]));

    const visit = await leftFor(tenant, configured, provider);
    expect(await answer(visit)).toMatchObject({ outcome: "signed_in" });
    expect(await sessionsOf()).toBe(1);
  });
});
