import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { SamlSettings } from "#lib/auth/sso/configuration.ts";
import { newMessageId } from "#lib/auth/sso/saml/own-messages.ts";
import type { ReadAssertion } from "#lib/auth/sso/saml/read-assertion.ts";
import { readPosted } from "#lib/auth/sso/saml/read-xml.ts";
import { SamlRefusal } from "#lib/auth/sso/saml/refusal.ts";
import { serviceProvider } from "#lib/auth/sso/saml/service-provider.ts";
import { verifyResponse } from "#lib/auth/sso/saml/verify-response.ts";
import { MINUTE } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import { FORGERIES } from "#tests/support/forged-answers.ts";
import { DIALECTS } from "#tests/support/saml-dialects.ts";
import { aSamlProvider, posted, type SamlScene, samlAnswer, samlKey } from "#tests/support/saml-provider.ts";

let scene: SamlScene;

beforeAll(async () => {
  const { entityId: audience, acsUrl } = serviceProvider({ slug: "firm-1" } as Tenant, randomUUID());
  const provider = await aSamlProvider();
  scene = { provider, audience, acsUrl, requestId: newMessageId(), now: new Date() };
});

async function verify(xml: string, changes: Partial<SamlSettings> = {}): Promise<ReadAssertion> {
  const own = await samlKey("our own");
  const { provider, audience, acsUrl, requestId, now } = scene;
  const settings = SamlSettings.parse({
    ...{ kind: "saml", entityId: provider.entityId, ssoUrl: "https://idp.example/sso", claims: {} },
    ...{ certificates: [provider.certificate], ownCertificate: own.certificate },
    ...changes,
  });
  const expected = { provider: settings.entityId, audience, acsUrl, requestId, now };
  return verifyResponse(readPosted(posted(xml)), { ...expected, settings, privateKey: () => own.key });
}

test("there are hundreds of forgeries, in each way of signing", () => {
  expect(FORGERIES.length).toBeGreaterThan(400);
});

test("the answer that they are made of is taken", async () => {
  expect(await verify(await samlAnswer(scene))).toMatchObject({
    subject: "upstream-1",
    claims: { email: "robin@firm.example", name: "Robin Upstream", groups: ["staff"] },
    strong: false,
  });
});

test("so is one whose name says that it is this provider's, for us", async () => {
  const qualifiers = `NameQualifier="${scene.provider.entityId}" SPNameQualifier="${scene.audience}"`;
  const qualified = (xml: string) => xml.replace("<saml:NameID ", `<saml:NameID ${qualifiers} `);
  expect(await verify(await samlAnswer(scene, { assertion: qualified }))).toMatchObject({
    subject: "upstream-1",
    nameId: { NameQualifier: scene.provider.entityId, SPNameQualifier: scene.audience },
  });
});

describe("a forged answer is refused with its reason (SEC73-SEC79, INC16, INC17, INC18):", () => {
  const rows = FORGERIES.map((forgery) => [forgery.name, forgery.mode, forgery] as const);

  test.each(rows)("%s, signed: %s", async (_name, mode, { make, settings, reason }) => {
    const xml = await samlAnswer(scene, { mode, ...(await make(scene)) });
    const refusal = await verify(xml, await settings?.(scene)).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(SamlRefusal);
    expect(refusal).toMatchObject({ reason });
  });
});

describe("clocks may differ by three minutes, and an assertion is good for ten (SEC76):", () => {
  const SECOND_OVER = 1000;
  const at = (milliseconds: number) => new Date(scene.now.getTime() + milliseconds).toISOString();
  const conditions = (which: string, time: string) => (xml: string) =>
    xml.replace(new RegExp(`(?<=<saml:Conditions [^>]*${which}=")[^"]*`), time);
  const issued = (time: string) => (xml: string) => xml.replace(/(?<=IssueInstant=")[^"]*/, time);

  test.each<[string, number, (milliseconds: number) => (xml: string) => string, string | undefined]>([
    [
      "conditions that begin in three minutes",
      3 * MINUTE,
      (ms) => conditions("NotBefore", at(ms)),
      undefined,
    ],
    ["a second later", 3 * MINUTE + SECOND_OVER, (ms) => conditions("NotBefore", at(ms)), "not_yet_valid"],
    [
      "conditions that ended just under three minutes ago",
      SECOND_OVER - 3 * MINUTE,
      (ms) => conditions("NotOnOrAfter", at(ms)),
      undefined,
    ],
    ["three minutes ago", -3 * MINUTE, (ms) => conditions("NotOnOrAfter", at(ms)), "expired"],
    ["issued in three minutes", 3 * MINUTE, (ms) => issued(at(ms)), undefined],
    ["issued a second later", 3 * MINUTE + SECOND_OVER, (ms) => issued(at(ms)), "not_yet_valid"],
    ["issued just under thirteen minutes ago", SECOND_OVER - 13 * MINUTE, (ms) => issued(at(ms)), undefined],
    ["issued thirteen minutes ago", -13 * MINUTE, (ms) => issued(at(ms)), "expired"],
  ])("%s", async (_, milliseconds, edit, reason) => {
    const verified = verify(await samlAnswer(scene, { assertion: edit(milliseconds) }));
    if (reason === undefined) expect(await verified).toMatchObject({ subject: "upstream-1" });
    else await expect(verified).rejects.toMatchObject({ reason });
  });
});

describe("an answer is taken as this provider writes it (G2):", () => {
  test.each(DIALECTS)("$name", async ({ write, subject, claims, strong }) => {
    expect(await verify(write(scene))).toMatchObject({ subject, claims, strong });
  });
});
