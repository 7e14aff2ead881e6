import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { OPERATIONS } from "#lib/api/registry.ts";
import { filesIn } from "#tests/support/files.ts";

/** What is no operation on anything: the index, the document, and what does not exist. */
const OTHERS = [
  "app/api/v1/[...unknown]/route.ts",
  "app/api/v1/openapi.json/route.ts",
  "app/api/v1/route.ts",
];

const routes = filesIn("app/api/v1", /\/route\.ts$/).filter((path) => !OTHERS.includes(path));

const addressOf = (path: string) =>
  path.replace("app/api/v1", "").replace("/route.ts", "").replaceAll("[", "{").replaceAll("]", "}");

test("each operation of the API has a route, and each route is in the registry", () => {
  const addresses = [...new Set(OPERATIONS.map(({ path }) => path))].sort();
  expect(routes.map(addressOf).sort()).toEqual(addresses);
});

test.each(routes)("%s answers for its own address, and by nothing but the registry", (path) => {
  const lines = readFileSync(path, "utf8").trim().split("\n");
  expect(lines.at(-1)).toBe(
    `export const { GET, POST, PUT, PATCH, DELETE } = endpoint("${addressOf(path)}");`,
  );
  expect(lines).toHaveLength(3);
});

test("no two operations have one name, or one method at one address", () => {
  const names = OPERATIONS.map(({ id }) => id);
  expect(names).toEqual([...new Set(names)]);
  const lines = OPERATIONS.map(({ method, path }) => `${method} ${path}`);
  expect(lines).toEqual([...new Set(lines)]);
});

test("each parameter of an address is declared, and no other", () => {
  for (const { id, path, params } of OPERATIONS) {
    const written = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(Object.keys(params.shape), id).toEqual(written);
  }
});
