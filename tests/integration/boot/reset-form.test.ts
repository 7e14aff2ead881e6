import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Tenant } from "#lib/core/context.ts";
import { clock } from "#tests/support/clock.ts";
import { hostOf } from "#tests/support/contexts.ts";
import { type FrontAnswer, openFront } from "#tests/support/front.ts";
import { oneMail, outboxOf } from "#tests/support/mail.ts";
import { auditOf, refusalsOf } from "#tests/support/records.ts";
import { aMember, aTenant, GOOD_PASSWORD } from "#tests/support/tenants.ts";

let front: Awaited<ReturnType<typeof openFront>>;
beforeAll(async () => {
  front = await openFront();
});
afterAll(() => front.close());
beforeEach(() => clock.stop());

type Fields = [name: string, value: string][];
const SEND: Fields = [
  ["identifier", "robin"],
  ["intent", "send"],
];
const URL_ENCODED = "application/x-www-form-urlencoded";

function post(
  tenant: Tenant,
  fields: Fields,
  headers: Record<string, string> = {},
  path = "/forgot-password",
) {
  const origin = `http://${hostOf(tenant)}`;
  return front.send(hostOf(tenant), path, {
    method: "POST",
    headers: { "content-type": URL_ENCODED, origin, ...headers },
    body: new URLSearchParams(fields).toString(),
  });
}

async function firmWithRobin(): Promise<Tenant> {
  const tenant = await aTenant();
  await aMember(tenant, { username: "robin", email: "robin@mail.example", password: GOOD_PASSWORD });
  return tenant;
}

const handedOn = ({ status }: FrontAnswer) => status === 418;

describe("the form that asks for a reset mail is answered in front of the pages (PERF5)", () => {
  test("a press of its last button promises the mail, and leads to the page that says so", async () => {
    const tenant = await firmWithRobin();
    const answer = await post(tenant, SEND);
    expect(answer).toMatchObject({ status: 303, body: "" });
    expect(answer.headers).toMatchObject({ location: "/forgot-password?sent", "cache-control": "no-store" });
    expect(await auditOf(tenant)).toMatchObject([
      { event: "password_reset.requested", actorKind: "visitor", source: "127.0.0.1" },
    ]);
    expect((await oneMail(tenant)).to).toEqual(["robin@mail.example"]);
  });

  test("as a browser sends it, in parts, and from the page that asks for a new one", async () => {
    const tenant = await firmWithRobin();
    const form = new FormData();
    for (const [name, value] of [["$ACTION_REF_1", ""], ...SEND] as Fields) form.append(name, value);
    const sent = new Response(form);
    const answer = await front.send(hostOf(tenant), "/forgot-password?again=", {
      method: "POST",
      headers: {
        "content-type": String(sent.headers.get("content-type")),
        origin: `http://${hostOf(tenant)}`,
      },
      body: await sent.text(),
    });
    expect(answer.status).toBe(303);
    expect(await outboxOf(tenant)).toHaveLength(1);
  });

  test("a name that nobody has gets the same answer, and no mail (B1)", async () => {
    const tenant = await firmWithRobin();
    const [known, unknown] = [
      await post(tenant, SEND),
      await post(tenant, [
        ["identifier", "nobody"],
        ["intent", "send"],
      ]),
    ];
    const lasting = ({ headers: { "x-request-id": _, date: __, ...headers }, ...rest }: FrontAnswer) => ({
      ...rest,
      headers: { ...headers, "content-security-policy": "" },
    });
    expect(lasting(unknown)).toEqual(lasting(known));
    expect((await outboxOf(tenant)).map(({ status }) => status).sort()).toEqual(["queued", "suppressed"]);
  });

  const LONG_WAY: Record<string, [fields: Fields, headers?: Record<string, string>, path?: string]> = {
    "its first step": [[["identifier", "robin"]]],
    "the button that cancels": [
      [
        ["identifier", "robin"],
        ["intent", "cancel"],
      ],
    ],
    "an empty name": [
      [
        ["identifier", "  "],
        ["intent", "send"],
      ],
    ],
    "no name": [[["intent", "send"]]],
    "a name that is longer than any": [
      [
        ["identifier", "a".repeat(2000)],
        ["intent", "send"],
      ],
    ],
    "a field that is there twice": [[...SEND, ["identifier", "robin"]]],
    "a button that is there twice": [[...SEND, ["intent", "send"]]],
    "an action that the framework calls by itself": [SEND, { "next-action": "00ff" }],
    "another page": [SEND, {}, "/forgot-username"],
  };
  test.each(Object.entries(LONG_WAY))("%s is the pages' own, with all that was sent", async (_, given) => {
    const [fields, headers, path] = given;
    const tenant = await firmWithRobin();
    const answer = await post(tenant, fields, headers, path);
    expect(handedOn(answer)).toBe(true);
    expect(answer.body).toBe(new URLSearchParams(fields).toString());
    expect(await outboxOf(tenant)).toEqual([]);
  });

  test("what is refused is recorded, whether or not the pages know the form, and goes the long way with all that was sent (SEC19)", async () => {
    const tenant = await firmWithRobin();
    for (let asked = 0; asked < 60; asked += 1) expect((await post(tenant, SEND)).status).toBe(303);
    const answer = await post(tenant, SEND);
    expect(handedOn(answer)).toBe(true);
    expect(answer.body).toBe(new URLSearchParams(SEND).toString());
    expect(await outboxOf(tenant)).toHaveLength(60);
    expect(await refusalsOf(tenant, "password_reset.requested")).toEqual(["too_many_reset_requests"]);
  });

  test("a form of another site is refused before anything is read from it, and recorded (SEC56)", async () => {
    const tenant = await firmWithRobin();
    const answer = await post(tenant, SEND, { origin: "http://evil.example" });
    expect(answer.status).toBe(403);
    expect(await outboxOf(tenant)).toEqual([]);
    expect(await refusalsOf(tenant, "request")).toEqual(["foreign_page"]);
  });
});
