import fc from "fast-check";
import { expect, test } from "vitest";
import { aDirectory, aUser, aUserOf, say } from "#tests/support/scim.ts";
import { proofSize } from "#tests/support/size.ts";
import { aTenant } from "#tests/support/tenants.ts";

const WORDS = [
  ...[
    "userName",
    "emails",
    "name",
    "active",
    "externalId",
    "displayName",
    "members",
    "meta",
    "groups",
    "id",
    "schemas",
  ],
  ...[
    "password",
    "value",
    "type",
    "primary",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    "manager",
  ],
  ...[
    "__proto__",
    "constructor",
    "toString",
    "",
    "a.b.c",
    "emails[",
    "]",
    "$ref",
    "\u0000",
    "\ud800",
    "'; --",
  ],
];

const name = fc.oneof(fc.constantFrom(...WORDS), fc.string({ unit: "binary", maxLength: 8 }));

const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(
      null,
      true,
      "True",
      "x",
      "",
      1,
      -1,
      2 ** 53,
      "a@b.example",
      "\ud800",
      "\u0000",
      "x".repeat(3000),
    ),
    fc.string({ unit: "binary", maxLength: 12 }),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(name, tie("value"), { maxKeys: 3 }),
  ),
})).value;

const path = fc
  .array(
    fc.oneof(
      name,
      fc.constantFrom(".", "[", "]", '"', " eq ", " pr", " and ", "not (", ")", "type", "work", "\\"),
    ),
    {
      maxLength: 7,
    },
  )
  .map((parts) => parts.join(""));

const operation = fc.record(
  { op: fc.constantFrom("add", "Replace", "remove", "REMOVE", "x", null), path, value },
  { requiredKeys: ["op"] },
);

const request = fc.oneof(
  fc.record({ line: fc.constantFrom("POST /Users", "POST /Groups", "PUT /Users/{id}"), body: value }),
  fc.record({
    line: fc.constantFrom("POST /Users", "PUT /Users/{id}"),
    body: fc.dictionary(name, value, { maxKeys: 4 }).map((more) => aUser(more)),
  }),
  fc.record({
    line: fc.constantFrom("PATCH /Users/{id}", "PATCH /Groups/{group}"),
    body: fc.array(operation, { maxLength: 3 }).map((Operations) => ({ Operations })),
  }),
  fc.record({
    line: path.map((text) => `GET /Users?filter=${encodeURIComponent(text.toWellFormed())}`),
    body: fc.constant(undefined),
  }),
);

test("whatever a directory sends, it is answered, and never by an error of ours (SEC87)", async () => {
  const directory = await aDirectory(await aTenant());
  const { id } = await aUserOf(directory);
  const group = (await say(directory, "POST /Groups", { body: { displayName: "G" } })).json.id;
  await fc.assert(
    fc.asyncProperty(request, async ({ line, body }) => {
      const there = line.replace("{id}", id).replace("{group}", group);
      const text = body === undefined ? undefined : JSON.stringify(body);
      const answer = await say(directory, there, { ...(text !== undefined && { text }) });
      expect([answer.status, answer.text.slice(0, 200)], `${there} ${text}`).toEqual([
        expect.toSatisfy((status: number) => status < 500),
        expect.any(String),
      ]);
    }),
    { numRuns: proofSize(80, 5000), endOnFailure: true },
  );
  expect(Object.keys(Object.prototype)).toEqual([]);
}, 120_000);
