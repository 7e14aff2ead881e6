import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { OPERATIONS } from "#lib/api/registry.ts";
import { appRoutes } from "#tests/support/app-routes.ts";
import { filesIn } from "#tests/support/files.ts";

const routes = appRoutes();
const of = (kind: string) => routes.filter((route) => route.kind === kind);
const named = ({ file, path, kind }: (typeof routes)[number]) =>
  kind === "action" ? `${file} ${path}` : file;

/** What comes to no use case. A new one is a decision, and is written here. */
const WITHOUT_USE_CASE = {
  page: [
    // The record of a contact is that of a member: it leads there, and judges nothing.
    "app/(portal)/contacts/[id]/page.tsx",
    // Of the portal's own domain, and of the development inbox, which have no member to ask about.
    "app/dev/inbox/page.tsx",
    // What the API can do, which is the same at every firm and for everybody.
    "app/reference/page.tsx",
    "app/site/page.tsx",
  ],
  route: [
    "app/.well-known/change-password/route.ts",
    // An address, the same for everybody.
    "app/.well-known/passkey-endpoints/route.ts",
    "app/api/health/live/route.ts",
    "app/api/health/ready/route.ts",
    "app/api/v1/[...unknown]/route.ts",
    "app/api/v1/openapi.json/route.ts",
    "app/api/v1/route.ts",
    "app/dev/inbox/json/route.ts",
  ],
  action: ["app/(portal)/actions.ts chooseThemeAction"],
};

/** Pages that show the same to everybody who comes. */
const PLAIN = ["app/(auth)/no-mailbox/page.tsx"];

describe("whatever the product answers to comes to a declared use case, or is in a closed list (E1):", () => {
  test("there is something to look at", () => {
    expect(of("page").length).toBeGreaterThan(20);
    expect(of("action").length).toBeGreaterThan(20);
    expect(of("route").length).toBeGreaterThan(10);
  });

  test("each page", () => {
    const found = of("page").filter(({ useCases }) => useCases.length === 0);
    expect(found.map(named).filter((name) => !PLAIN.includes(name))).toEqual(WITHOUT_USE_CASE.page);
  });

  test("each action", () => {
    const found = of("action").filter(({ useCases }) => useCases.length === 0);
    expect(found.map(named)).toEqual(WITHOUT_USE_CASE.action);
  });

  test("each endpoint, those of the REST API and of directories by what these answer with", () => {
    const found = of("route")
      .filter(({ useCases }) => useCases.length === 0)
      .filter(
        ({ file }) =>
          !/moveTokenIntoCookie\(|\bendpoint\("|\bscimEndpoint\(/.test(readFileSync(file, "utf8")),
      );
    expect(found.map(named)).toEqual(WITHOUT_USE_CASE.route);
  });
});

describe("the REST API's addresses and its registry are the same", () => {
  const address = /\bendpoint\("([^"]+)"\)/;
  const files = filesIn("app/api/v1", /\/route\.ts$/).filter((file) =>
    address.test(readFileSync(file, "utf8")),
  );

  test.each(files)("%s stands where its operations say", (file) => {
    const [, path = ""] = address.exec(readFileSync(file, "utf8")) ?? [];
    const folder = file.replace(/^app\/api\/v1/, "").replace(/\/route\.ts$/, "");
    expect(folder.replaceAll("[", "{").replaceAll("]", "}")).toBe(path);
    expect(OPERATIONS.filter((operation) => operation.path === path).length).toBeGreaterThan(0);
  });

  test("no operation is without an address", () => {
    const paths = files.map((file) => address.exec(readFileSync(file, "utf8"))?.[1]);
    expect(OPERATIONS.filter(({ path }) => !paths.includes(path)).map(({ id }) => id)).toEqual([]);
  });
});

describe("each page of the signed-in shows what somebody may, by a use case that it waits for", () => {
  const EXCEPT = ["app/(portal)/contacts/[id]/page.tsx"];
  const inside = of("page").filter(({ file }) => file.includes("(portal)") && !EXCEPT.includes(file));

  test.each(inside.map((route) => [route.file, route] as const))("%s", (_, { needs }) => {
    expect(needs.map(({ name }) => name)).not.toEqual([]);
  });
});
