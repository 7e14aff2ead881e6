import { describe, expect, test } from "vitest";
import { owner } from "#tests/support/database.ts";
import { aDirectory, aUser, aUserOf, type Directory, patchOf, refusedBy, say } from "#tests/support/scim.ts";
import { aTenant } from "#tests/support/tenants.ts";

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/** Four people, in the order in which they came. */
async function fourPeople() {
  const directory = await aDirectory(await aTenant());
  const people = [
    { userName: "ann", title: "Engineer", emails: [work("ann@work.example"), home("ann@home.example")] },
    { userName: "Ben", title: "Lead engineer", nickName: "B%_\\", emails: [work("ben@work.example")] },
    { userName: "cleo", active: false, emails: [home("cleo@home.example")] },
    { userName: "dora", emails: [], [ENTERPRISE]: { department: "Sales", manager: { value: "26118915" } } },
  ];
  for (const person of people) await aUserOf(directory, { externalId: `ext-${person.userName}`, ...person });
  return directory;
}

const work = (value: string) => ({ value, type: "work" });
const home = (value: string) => ({ value, type: "home", primary: true });

const find = (directory: Directory, filter: string, more = "") =>
  say(directory, `GET /Users?filter=${encodeURIComponent(filter)}${more}`);

const namesIn = ({ json }: Awaited<ReturnType<typeof say>>) =>
  json.Resources.map(({ userName }: { userName: string }) => userName);

describe("users are found by a filter (RFC 7644 3.4.2.2):", () => {
  test("each operator, precedence, grouping, negation, parts and values of lists", async () => {
    const directory = await fourPeople();
    const cases: [string, string[]][] = [
      ['userName eq "BEN"', ["Ben"]],
      ['USERNAME Eq "ben"', ["Ben"]],
      ['urn:ietf:params:scim:schemas:core:2.0:User:userName eq "ann"', ["ann"]],
      ['userName ne "ann"', ["Ben", "cleo", "dora"]],
      ['userName co "O"', ["cleo", "dora"]],
      ['userName sw "d"', ["dora"]],
      ['userName ew "n"', ["ann", "Ben"]],
      ['userName gt "ben"', ["cleo", "dora"]],
      ['userName ge "ben" and userName lt "dora"', ["Ben", "cleo"]],
      ['userName le "ann"', ["ann"]],
      ["title pr", ["ann", "Ben"]],
      ["not (title pr)", ["cleo", "dora"]],
      ["title eq null", ["cleo", "dora"]],
      ['title ne "Engineer"', ["Ben", "cleo", "dora"]],
      ['externalId eq "ext-Ben"', ["Ben"]],
      ['externalId eq "EXT-BEN"', []],
      ["active eq false", ["cleo"]],
      ['active eq "False"', ["cleo"]],
      ["active ne false", ["ann", "Ben", "dora"]],
      ['userName eq "ann" or userName eq "ben" and title co "lead"', ["ann", "Ben"]],
      ['(userName eq "ann" or userName eq "ben") and title co "lead"', ["Ben"]],
      ['userName eq "ann" and title pr or userName eq "dora"', ["ann", "dora"]],
      ['not (userName eq "ann" or userName eq "ben")', ["cleo", "dora"]],
      ['emails co "home"', ["ann", "cleo"]],
      ['emails.value eq "ANN@work.example"', ["ann"]],
      ['emails.type eq "work"', ["ann", "Ben"]],
      ['emails[type eq "work" and value co "@home"]', []],
      ['emails[type eq "home" and value co "@home"]', ["ann", "cleo"]],
      ['emails[type eq "work"].value eq "ann@home.example"', []],
      ['emails[type eq "work"].value eq "ann@work.example"', ["ann"]],
      ['emails[not (type eq "work")]', ["ann", "cleo"]],
      ["emails[primary eq true]", ["ann", "cleo"]],
      ["emails pr", ["ann", "Ben", "cleo"]],
      ["not (emails pr)", ["dora"]],
      [`${ENTERPRISE}:department eq "sales"`, ["dora"]],
      [`${ENTERPRISE}:manager.value eq "26118915"`, ["dora"]],
      ['meta.created gt "2020-01-01T00:00:00Z"', ["ann", "Ben", "cleo", "dora"]],
      ['meta.lastModified lt "2020-01-01T00:00:00Z"', []],
      ['nickName eq "b%_\\\\"', ["Ben"]],
      ['nickName sw "b%_"', ["Ben"]],
      ['userName co "%"', []],
      ['userName eq "\' or 1=1 --"', []],
      ['userName eq "a\\"b"', []],
    ];
    for (const [filter, expected] of cases) {
      const answer = await find(directory, filter);
      expect([filter, answer.status, answer.json.detail]).toEqual([filter, 200, undefined]);
      expect([filter, namesIn(answer)]).toEqual([filter, expected]);
    }
  });

  test.each([
    "userName",
    "userName eq",
    "userName eq ann",
    'userName xx "ann"',
    'userName eq "ann" and',
    '(userName eq "ann"',
    'userName eq "ann")',
    'password eq "x"',
    'nobody eq "x"',
    'members[value eq "x"]',
    'constructor eq "x"',
    '__proto__.x eq "x"',
    "active gt true",
    'active eq "perhaps"',
    "title eq 5",
    "title gt null",
    'meta.created gt "yesterday"',
    'meta.created co "2026"',
    'name eq "x"',
    'name.nobody eq "x"',
    'userName[value eq "x"]',
    'emails[nobody eq "x"]',
    'emails[value eq "x"',
    'addresses eq "x"',
    'userName eq "a\nb"',
    `userName eq "${"x".repeat(2000)}"`,
    `${"(".repeat(20)}userName pr${")".repeat(20)}`,
    `${"not ".repeat(20)}(userName pr)`,
    Array.from({ length: 40 }, () => "title pr").join(" or "),
    `userName eq "${"\n".repeat(40)}`,
    "'; drop table scim_users; --",
  ])("%s is refused as invalidFilter", async (filter) => {
    const directory = await aDirectory(await aTenant());
    const { status, json } = await find(directory, filter);
    expect([status, json.scimType, json.status]).toEqual([400, "invalidFilter", "400"]);
  });

  test("a group by its name, its members and the directory's own id", async () => {
    const directory = await aDirectory(await aTenant());
    const { id } = await aUserOf(directory);
    await say(directory, "POST /Groups", {
      body: { displayName: "Sales", externalId: "X1", members: [{ value: id }] },
    });
    await say(directory, "POST /Groups", { body: { displayName: "Support" } });
    for (const filter of [
      'displayName eq "sales"',
      'externalId eq "X1"',
      `members.value eq "${id}"`,
      "members pr",
    ]) {
      const { json } = await say(directory, `GET /Groups?filter=${encodeURIComponent(filter)}`);
      expect([filter, json.Resources.map((one: { displayName: string }) => one.displayName)]).toEqual([
        filter,
        ["Sales"],
      ]);
    }
  });
});

describe("lists come in pages (RFC 7644 3.4.2.4):", () => {
  test.each([
    ["", { startIndex: 1, itemsPerPage: 4 }, ["ann", "Ben", "cleo", "dora"]],
    ["startIndex=2&count=2", { startIndex: 2, itemsPerPage: 2 }, ["Ben", "cleo"]],
    ["startIndex=4&count=10", { startIndex: 4, itemsPerPage: 1 }, ["dora"]],
    ["startIndex=5", { startIndex: 5, itemsPerPage: 0 }, []],
    ["startIndex=0&count=1", { startIndex: 1, itemsPerPage: 1 }, ["ann"]],
    ["startIndex=-7&count=1", { startIndex: 1, itemsPerPage: 1 }, ["ann"]],
    ["count=0", { startIndex: 1, itemsPerPage: 0 }, []],
    ["count=-1", { startIndex: 1, itemsPerPage: 0 }, []],
    ["count=100000", { startIndex: 1, itemsPerPage: 4 }, ["ann", "Ben", "cleo", "dora"]],
    ["sortBy=userName&sortOrder=descending", { itemsPerPage: 4 }, ["dora", "cleo", "Ben", "ann"]],
    ["sortBy=title", { itemsPerPage: 4 }, ["ann", "Ben", "cleo", "dora"]],
    ["sortBy=meta.created&sortOrder=descending&count=1", {}, ["dora"]],
  ])("%s", async (parameters, expected, names) => {
    const directory = await fourPeople();
    const answer = await say(directory, `GET /Users?${parameters}`);
    expect(answer.json).toMatchObject({ totalResults: 4, ...expected });
    expect(answer.json.schemas).toEqual(["urn:ietf:params:scim:api:messages:2.0:ListResponse"]);
    expect(namesIn(answer)).toEqual(names);
  });

  test.each(["count=two", "startIndex=1.5", "count=99999999999", "sortBy=emails", "sortBy=nobody"])(
    "%s is refused",
    async (parameters) => {
      const directory = await aDirectory(await aTenant());
      expect((await say(directory, `GET /Users?${parameters}`)).status).toBe(400);
    },
  );
});

describe("only what is asked for is shown (RFC 7644 3.9):", () => {
  test("attributes, with their parts and schemas, beside what is always there", async () => {
    const directory = await fourPeople();
    const { json } = await find(directory, 'userName eq "ann"', "&attributes=userName,emails.value,nobody");
    expect(json.Resources).toEqual([
      {
        schemas: expect.any(Array),
        id: expect.any(String),
        userName: "ann",
        emails: [{ value: "ann@work.example" }, { value: "ann@home.example" }],
      },
    ]);
    const dora = await find(directory, 'userName eq "dora"', `&attributes=${ENTERPRISE}:department`);
    expect(dora.json.Resources[0][ENTERPRISE]).toEqual({ department: "Sales" });
  });

  test("without excludedAttributes, of which a group's members may be one", async () => {
    const directory = await aDirectory(await aTenant());
    const { id } = await aUserOf(directory);
    const group = await say(directory, "POST /Groups", {
      body: { displayName: "All", members: [{ value: id }] },
    });
    const at = `/Groups/${group.json.id}`;
    expect((await say(directory, `GET ${at}`)).json.members).toHaveLength(1);
    const { json } = await say(directory, `GET ${at}?excludedAttributes=members,id`);
    expect(json).not.toHaveProperty("members");
    expect(json.id).toBe(group.json.id);
  });
});

describe("a part of a user is changed by PATCH (RFC 7644 3.5.2):", () => {
  const cases: [string, object[], Record<string, unknown>][] = [
    ["add a text", [{ op: "add", path: "title", value: "Boss" }], { title: "Boss" }],
    [
      "add without a path",
      [{ op: "add", value: { title: "Boss", name: { middleName: "M" } } }],
      { title: "Boss" },
    ],
    [
      "replace a part",
      [{ op: "replace", path: "name.givenName", value: "Rob" }],
      { name: { givenName: "Rob", familyName: "Example" } },
    ],
    [
      "replace an object in part",
      [{ op: "replace", path: "name", value: { givenName: "Rob" } }],
      { name: { givenName: "Rob", familyName: "Example" } },
    ],
    ["remove a text", [{ op: "remove", path: "nickName" }], { nickName: undefined }],
    ["remove a part", [{ op: "remove", path: "name.givenName" }], { name: { familyName: "Example" } }],
    ["remove by null", [{ op: "replace", path: "nickName", value: null }], { nickName: undefined }],
    [
      "add to a list, once",
      [
        { op: "add", path: "phoneNumbers", value: [{ value: "1", type: "work" }] },
        { op: "add", path: "phoneNumbers", value: { value: "1", type: "work" } },
      ],
      { phoneNumbers: [{ value: "1", type: "work" }] },
    ],
    [
      "replace a list",
      [{ op: "replace", path: "emails", value: [{ value: "new@people.example" }] }],
      { emails: [{ value: "new@people.example" }] },
    ],
    [
      "replace a value that is picked out",
      [{ op: "replace", path: 'emails[type eq "home"].value', value: "h2@people.example" }],
      {
        emails: [
          { value: "w@people.example", type: "work", primary: true },
          { value: "h2@people.example", type: "home" },
        ],
      },
    ],
    [
      "remove a value that is picked out",
      [{ op: "remove", path: 'emails[type eq "home" or type eq "other"]' }],
      { emails: [{ value: "w@people.example", type: "work", primary: true }] },
    ],
    [
      "remove values that are named",
      [{ op: "Remove", path: "emails", value: [{ value: "h@people.example", type: "home" }] }],
      { emails: [{ value: "w@people.example", type: "work", primary: true }] },
    ],
    [
      "make another one the main one",
      [{ op: "replace", path: 'emails[type eq "home"].primary', value: true }],
      {
        emails: [
          { value: "w@people.example", type: "work", primary: false },
          { value: "h@people.example", type: "home", primary: true },
        ],
      },
    ],
    [
      "write into a value that is not there yet (Entra ID)",
      [{ op: "Add", path: 'phoneNumbers[type eq "mobile"].value', value: "555" }],
      { phoneNumbers: [{ type: "mobile", value: "555" }] },
    ],
    [
      "dotted names without a path (Entra ID)",
      [
        {
          op: "Replace",
          value: { "name.familyName": "Dotted", active: "False", [`${ENTERPRISE}:department`]: "Ops" },
        },
      ],
      {
        name: { givenName: "Robin", familyName: "Dotted" },
        active: false,
        [ENTERPRISE]: { department: "Ops" },
      },
    ],
    [
      "a manager as a text (Entra ID)",
      [{ op: "Add", path: `${ENTERPRISE}:manager`, value: "42" }],
      { [ENTERPRISE]: { manager: { value: "42" } } },
    ],
    [
      "an extension as an object",
      [{ op: "replace", value: { [ENTERPRISE]: { costCenter: "7" } } }],
      { [ENTERPRISE]: { costCenter: "7" } },
    ],
    [
      "what nobody writes is passed over without a path (Okta)",
      [{ op: "replace", value: { id: "other", groups: [], active: false } }],
      { active: false },
    ],
    [
      "names in other letters",
      [{ op: "REPLACE", path: "NAME.GIVENNAME", value: "Rob" }],
      { name: { givenName: "Rob", familyName: "Example" } },
    ],
    [
      "several after each other",
      [
        { op: "add", path: "title", value: "a" },
        { op: "replace", path: "title", value: "b" },
        { op: "remove", path: "nickName" },
      ],
      { title: "b", nickName: undefined },
    ],
    [
      "removing what is not there is done already",
      [
        { op: "remove", path: 'emails[type eq "fax"]' },
        { op: "remove", path: "title" },
      ],
      { title: undefined },
    ],
  ];

  test.each(cases)("%s", async (_, operations, expected) => {
    const directory = await aDirectory(await aTenant());
    const user = await aUserOf(directory, {
      ...{ name: { givenName: "Robin", familyName: "Example" }, nickName: "R" },
      emails: [
        { value: "w@people.example", type: "work", primary: true },
        { value: "h@people.example", type: "home" },
      ],
    });
    const { status, json } = await say(directory, `PATCH /Users/${user.id}`, {
      body: patchOf(...operations),
    });
    expect([status, json.detail]).toEqual([200, undefined]);
    for (const [name, value] of Object.entries(expected)) expect(json[name]).toEqual(value);
    expect(json.id).toBe(user.id);
    expect((await say(directory, `GET /Users/${user.id}`)).json).toEqual(json);
  });

  test.each([
    ["no operations", {}, "invalidSyntax"],
    ["an empty list of them", patchOf(), "invalidSyntax"],
    ["operations that are no list", { Operations: "x" }, "invalidSyntax"],
    ["an operation that is none", patchOf({ op: "move", path: "title" }), "invalidSyntax"],
    ["a removal without a path", patchOf({ op: "remove" }), "noTarget"],
    ["a path that leads nowhere", patchOf({ op: "add", path: "nobody", value: 1 }), "invalidPath"],
    [
      "a path into every object",
      patchOf({ op: "add", path: "__proto__.polluted", value: "x" }),
      "invalidPath",
    ],
    [
      "brackets that are not closed",
      patchOf({ op: "add", path: 'emails[type eq "work"', value: "x" }),
      "invalidPath",
    ],
    ["brackets that cannot be read", patchOf({ op: "remove", path: "emails[type]" }), "invalidPath"],
    [
      "brackets that never match and say nothing",
      patchOf({ op: "replace", path: 'emails[type sw "x"].value', value: "a@b.example" }),
      "noTarget",
    ],
    ["what is the portal's", patchOf({ op: "replace", path: "id", value: "x" }), "mutability"],
    ["the groups of a user", patchOf({ op: "add", path: "groups", value: [{ value: "x" }] }), "mutability"],
    ["a value of another type", patchOf({ op: "replace", path: "title", value: { a: 1 } }), "invalidValue"],
    ["a state that is neither", patchOf({ op: "replace", path: "active", value: "perhaps" }), "invalidValue"],
    ["no userName any more", patchOf({ op: "remove", path: "userName" }), "invalidValue"],
    [
      "one wrong after a right one",
      patchOf({ op: "add", path: "title", value: "x" }, { op: "add", path: "x" }),
      "invalidPath",
    ],
  ])("%s is refused, and nothing is changed", async (_, body, scimType) => {
    const directory = await aDirectory(await aTenant());
    const { id } = await aUserOf(directory);
    const { status, json } = await refusedBy(directory, `PATCH /Users/${id}`, body);
    expect([status, json.scimType]).toEqual([400, scimType]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test("a value with the name of every object's own changes no object", async () => {
    const directory = await aDirectory(await aTenant());
    const { id } = await aUserOf(directory);
    const text = `{"Operations":[{"op":"add","value":{"__proto__":{"polluted":1},"name":{"__proto__":{"polluted":1}},"__proto__.polluted":1}}]}`;
    expect((await say(directory, `PATCH /Users/${id}`, { text })).status).toBe(200);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe("a version is held to (RFC 7644 3.14):", () => {
  test("a change of one that has been overtaken is 412, and changes nothing", async () => {
    const directory = await aDirectory(await aTenant());
    const user = await aUserOf(directory);
    const at = `/Users/${user.id}`;
    const title = (value: string) => ({ body: patchOf({ op: "add", path: "title", value }) });
    const first = await say(directory, `PATCH ${at}`, {
      ...title("a"),
      headers: { "if-match": user.meta.version },
    });
    expect(first.status).toBe(200);
    expect(first.headers.get("etag")).not.toBe(user.meta.version);
    for (const line of ["PATCH", "PUT", "DELETE"]) {
      const body = line === "PUT" ? aUser() : title("b").body;
      const answer = await say(directory, `${line} ${at}`, {
        ...(line !== "DELETE" && { body }),
        headers: { "if-match": user.meta.version },
      });
      expect([line, answer.status]).toEqual([line, 412]);
    }
    expect((await say(directory, `GET ${at}`)).json).toEqual(first.json);
    const any = await say(directory, `PATCH ${at}`, { ...title("c"), headers: { "if-match": "*" } });
    expect(any.status).toBe(200);
  });

  test("a change that somebody here has made counts too", async () => {
    const directory = await aDirectory(await aTenant());
    const user = await aUserOf(directory);
    await owner()`update members set status = 'disabled' where tenant_id = ${directory.tenant.id}`;
    const headers = { "if-match": user.meta.version };
    expect((await say(directory, `DELETE /Users/${user.id}`, { headers })).status).toBe(412);
  });

  test("whoever has the present one is not sent it again", async () => {
    const directory = await aDirectory(await aTenant());
    const { id, meta } = await aUserOf(directory);
    const again = await say(directory, `GET /Users/${id}`, { headers: { "if-none-match": meta.version } });
    expect([again.status, again.text, again.headers.get("etag")]).toEqual([304, "", meta.version]);
    const other = await say(directory, `GET /Users/${id}`, { headers: { "if-none-match": 'W/"0.0"' } });
    expect(other.status).toBe(200);
  });

  test("of a user it counts too who is in which group", async () => {
    const directory = await aDirectory(await aTenant());
    const { id, meta } = await aUserOf(directory);
    await say(directory, "POST /Groups", { body: { displayName: "Sales", members: [{ value: id }] } });
    const again = await say(directory, `GET /Users/${id}`, { headers: { "if-none-match": meta.version } });
    expect([again.status, again.json.groups.length]).toEqual([200, 1]);
  });

  test("a group too", async () => {
    const directory = await aDirectory(await aTenant());
    const { json } = await say(directory, "POST /Groups", { body: { displayName: "Sales" } });
    const rename = (name: string) => ({
      body: patchOf({ op: "replace", path: "displayName", value: name }),
      headers: { "if-match": json.meta.version },
    });
    expect((await say(directory, `PATCH /Groups/${json.id}`, rename("A"))).status).toBe(200);
    expect((await say(directory, `PATCH /Groups/${json.id}`, rename("B"))).status).toBe(412);
  });
});

describe("what is wrong is said in the protocol's own form (RFC 7644 3.12):", () => {
  test.each([
    ["POST /Users", { text: "{" }, 400, "invalidSyntax"],
    ["POST /Users", { text: "[]" }, 400, "invalidSyntax"],
    ["POST /Users", { body: aUser(), headers: { "content-type": "text/plain" } }, 400, "invalidSyntax"],
    ["POST /Users", { body: aUser({ userName: undefined }) }, 400, "invalidValue"],
    ["POST /Users", { body: aUser({ userName: 5 }) }, 400, "invalidValue"],
    ["POST /Users", { body: aUser({ userName: "two words", emails: [] }) }, 400, "invalidValue"],
    ["POST /Users", { body: aUser({ userName: "ａｄａ" }) }, 400, "invalidValue"],
    ["POST /Users", { body: aUser({ userName: "x".repeat(300) }) }, 400, "invalidValue"],
    [
      "POST /Users",
      { body: aUser({ emails: [{ value: "a@b.example\r\nBcc: e@evil.example" }] }) },
      400,
      "invalidValue",
    ],
    ["POST /Users", { body: aUser({ title: "x".repeat(3000) }) }, 400, "invalidValue"],
    ["POST /Groups", { body: {} }, 400, "invalidValue"],
    ["POST /Groups", { body: { displayName: "G", members: [{ value: "nobody" }] } }, 400, "invalidValue"],
    [
      "POST /Groups",
      { body: { displayName: "G", members: [{ value: "x", type: "Group" }] } },
      400,
      "invalidValue",
    ],
    ["GET /Users/nobody", {}, 404, undefined],
    ["GET /Users/00000000-0000-4000-8000-000000000000", {}, 404, undefined],
    ["GET /Groups/00000000-0000-4000-8000-000000000000", {}, 404, undefined],
    ["GET /Nobody", {}, 404, undefined],
    ["GET /Users/1/2", {}, 404, undefined],
    ["POST /Users/1", { body: {} }, 405, undefined],
    ["DELETE /Users", {}, 405, undefined],
    ["PUT /Schemas", { body: {} }, 405, undefined],
    ["GET /Me", {}, 501, undefined],
    ["POST /Bulk", { body: {} }, 501, undefined],
    ["GET /Schemas?filter=id pr", {}, 403, undefined],
  ])("%s %#", async (line, saying, status, scimType) => {
    const directory = await aDirectory(await aTenant());
    const { headers, ...answer } = await say(directory, line, saying);
    expect(answer.json).toMatchObject({
      schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
      status: String(status),
      detail: expect.any(String),
    });
    expect([answer.status, answer.json.scimType]).toEqual([status, scimType]);
    expect(headers.get("content-type")).toBe("application/scim+json");
  });
});

describe("the portal says what it can (RFC 7643 5-7)", () => {
  test("of itself, its resources and their schemas", async () => {
    const directory = await aDirectory(await aTenant());
    const config = await say(directory, "GET /ServiceProviderConfig");
    expect(config.json).toMatchObject({
      ...{ patch: { supported: true }, filter: { supported: true }, etag: { supported: true } },
      ...{ bulk: { supported: false }, changePassword: { supported: false }, sort: { supported: true } },
    });
    const types = await say(directory, "GET /ResourceTypes");
    expect(types.json.Resources.map(({ endpoint }: { endpoint: string }) => endpoint)).toEqual([
      "/Users",
      "/Groups",
    ]);
    expect((await say(directory, "GET /ResourceTypes/User")).json.schemaExtensions[0].schema).toBe(
      ENTERPRISE,
    );
    const schemas = await say(directory, "GET /Schemas");
    expect(schemas.json.totalResults).toBe(3);
    const user = await say(directory, "GET /Schemas/urn:ietf:params:scim:schemas:core:2.0:User");
    const password = user.json.attributes.find(({ name }: { name: string }) => name === "password");
    expect(password).toMatchObject({ returned: "never", mutability: "writeOnly" });
    expect((await say(directory, "GET /Schemas/nobody")).status).toBe(404);
  });

  test("with addresses of the firm's record, whatever the request calls itself (SEC25)", async () => {
    const directory = await aDirectory(await aTenant());
    const { meta } = await aUserOf(directory);
    expect(meta.location).toMatch(
      new RegExp(`^http://${directory.tenant.slug}\\.portal\\.localhost(:\\d+)?/api/scim/v2/Users/`),
    );
  });
});
