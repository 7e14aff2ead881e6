import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

type Lock = {
  packages: Record<
    string,
    { version?: string; resolved?: string; integrity?: string; inBundle?: boolean; link?: boolean }
  >;
};

const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as Lock;

/** The oldest versions without a published hole that matters here (SECURITY 2); `=` is exactly this one. */
const FLOORS: Record<string, string> = {
  next: "16.3.3",
  "next-auth": "=5.0.0-beta.32",
  "@auth/core": "0.41.3",
  nodemailer: "9.1.1",
  "@simplewebauthn/server": "13.3.2",
  react: "19.3.1",
  "react-dom": "19.3.1",
  "@node-saml/node-saml": "5.1.0",
  "xml-crypto": "6.1.2",
  "@xmldom/xmldom": "0.8.14",
};

/** Every copy of a package that is installed, at whatever depth. */
const copiesOf = (name: string) =>
  Object.entries(packages).filter(
    ([path]) => path === `node_modules/${name}` || path.endsWith(`/node_modules/${name}`),
  );

/** By number, the pre-release last: 5.0.0-beta.9 < 5.0.0-beta.32 < 5.0.0. */
function isAtLeast(version: string, floor: string): boolean {
  return version.localeCompare(floor, "en", { numeric: true }) >= 0;
}

describe("no copy of a package is older than its floor (SEC89)", () => {
  test.each(Object.entries(FLOORS))("%s %s", (name, floor) => {
    for (const [path, { version = "" }] of copiesOf(name)) {
      if (floor.startsWith("=")) expect(version, path).toBe(floor.slice(1));
      else expect(isAtLeast(version, floor), `${path} is ${version}`).toBe(true);
    }
  });

  test.each(["next", "next-auth", "@auth/core", "nodemailer", "react", "@simplewebauthn/server"])(
    "%s is installed once",
    (name) => {
      expect(copiesOf(name)).toHaveLength(1);
    },
  );

  test.each([
    ["16.4.6", "16.3.3", true],
    ["16.3.2", "16.3.3", false],
    ["9.1.10", "9.1.9", true],
    ["10.0.0", "9.1.1", true],
    ["0.8.14", "0.8.14", true],
  ])("%s against %s is %s", (version, floor, enough) => {
    expect(isAtLeast(version, floor)).toBe(enough);
  });
});

test("every package of the lockfile is pinned by its content, its own or that of the package it comes in", () => {
  const loose = Object.entries(packages).filter(
    ([path, { integrity, link, inBundle }]) =>
      path.startsWith("node_modules/") && !link && !inBundle && !integrity,
  );
  expect(loose.map(([path]) => path)).toEqual([]);
});

test("what the product is made of is pinned exactly", () => {
  const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Record<string, Record<string, string>>;
  for (const group of ["dependencies", "devDependencies", "optionalDependencies"]) {
    for (const [name, version] of Object.entries(manifest[group] ?? {})) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+(?:-[\w.]+)?$/);
    }
  }
});

test("packages that are known not to be fit are not there (SECURITY 1, INC16)", () => {
  for (const name of ["samlify", "@electric-sql/pglite-socket", "typescript-eslint"])
    expect(copiesOf(name)).toEqual([]);
});
