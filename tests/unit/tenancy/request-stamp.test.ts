import { afterEach, describe, expect, test } from "vitest";
import type { TenantId } from "#db/tenant.ts";
import { sign } from "#lib/core/crypto.ts";
import { firmOrigin, placeOfHost } from "#lib/tenancy/origin.ts";
import { makeStamp, readStamp } from "#lib/tenancy/request-stamp.ts";
import { changeSettings, SETTINGS } from "#tests/support/settings.ts";

const stamp = {
  host: "acme.portal.localhost:3000",
  path: "/clients?x=\u00e4",
  requestId: crypto.randomUUID(),
  source: "203.0.113.7",
  nonce: "bm9uY2U=",
  tenant: {
    id: crypto.randomUUID() as TenantId,
    slug: "acme",
    version: 7,
    name: "ACME \u2014 \u{1f3e2}",
    accent: "#112233",
  },
};

afterEach(() => changeSettings(SETTINGS));

describe("the stamp of a request (STACK 1.1)", () => {
  test("is read as it was made", () => {
    expect(readStamp(makeStamp(stamp))).toEqual(stamp);
    const { tenant: _, ...apex } = stamp;
    expect(readStamp(makeStamp(apex))).toEqual(apex);
  });

  test("is a header's text", () => {
    expect(makeStamp(stamp)).toMatch(/^[A-Za-z0-9_.-]+$/);
  });

  test("is none when it is missing, damaged or made up", () => {
    const made = makeStamp(stamp);
    const [body = "", mac = ""] = made.split(".");
    const other = makeStamp({ ...stamp, host: "globex.portal.localhost:3000" }).split(".")[0];
    const forged = Buffer.from(JSON.stringify(stamp)).toString("base64url");
    const values = [
      undefined,
      null,
      "",
      ".",
      "x",
      body,
      `${body}.`,
      `.${mac}`,
      `${other}.${mac}`,
      `${forged}.AAAA`,
    ];
    for (const value of values) expect(readStamp(value), String(value)).toBeUndefined();
    for (let place = 0; place < made.length - 1; place += 7) {
      const changed = made[place] === "A" ? "B" : "A";
      expect(readStamp(made.slice(0, place) + changed + made.slice(place + 1))).toBeUndefined();
    }
  });

  test("is none when another portal's key has made it", () => {
    changeSettings({ PORTAL_KEYS: "b".repeat(40) });
    const made = makeStamp(stamp);
    changeSettings(SETTINGS);
    expect(readStamp(made)).toBeUndefined();
  });

  test("is none when the same key has made it for another purpose", () => {
    const body = makeStamp(stamp).split(".")[0] ?? "";
    expect(readStamp(sign("decoy", body))).toBeUndefined();
  });

  test("is read under the key before, while keys are being changed (SEC88)", () => {
    const made = makeStamp(stamp);
    changeSettings({ PORTAL_KEYS: `${"n".repeat(40)},${SETTINGS.PORTAL_KEYS}` });
    expect(readStamp(made)).toEqual(stamp);
  });
});

describe("a host", () => {
  test.each([
    ["portal.localhost:3000", { apex: true }],
    ["acme.portal.localhost:3000", { slug: "acme" }],
    ["a.b.portal.localhost:3000", { slug: "a.b" }],
    ["portal.localhost", undefined],
    ["acme.portal.localhost", undefined],
    ["acme.portal.localhost:3001", undefined],
    ["acme.portal.localhost.:3000", undefined],
    ["acmeportal.localhost:3000", undefined],
    ["acme.portal.localhost:3000.evil.example", undefined],
    ["evil.example", undefined],
    ["", undefined],
  ])("%j is %j (SEC55)", (host, place) => {
    expect(placeOfHost(host)).toEqual(place);
  });

  test("of a mailed link is the firm's slug on the portal's own domain (SEC25)", () => {
    expect(firmOrigin("acme")).toBe("http://acme.portal.localhost:3000");
  });
});
