import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { filesIn } from "#tests/support/files.ts";

const tracked = execFileSync("git", ["ls-files"], { encoding: "utf8" }).trim().split("\n");

/** The domain's table of contents (HOUSE 2.1). A new folder is a decision, and is written here. */
const TOP = [".ci", "app", "components", "db", "deploy", "docs", "emails", "lib", "tests"];
const NOUNS = [
  "access",
  "api",
  "audit",
  "auth",
  "boot",
  "clients",
  "contacts",
  "core",
  "firms",
  "groups",
  "health",
  "imports",
  "inbox",
  "jobs",
  "members",
  "outbox",
  "policy",
  "reports",
  "scim",
  "settings",
  "tenancy",
  "web",
  "workspaces",
];

const foldersIn = (prefix: string) => [
  ...new Set(
    tracked
      .filter((path) => path.startsWith(prefix) && path.slice(prefix.length).includes("/"))
      .map((path) => path.slice(prefix.length).split("/")[0] ?? ""),
  ),
];

test("the repository has these folders and no others", () => {
  expect(foldersIn("").filter((folder) => !TOP.includes(folder))).toEqual([]);
});

test("lib has one folder for each noun of the business", () => {
  expect(foldersIn("lib/").filter((folder) => !NOUNS.includes(folder))).toEqual([]);
});

test("there is no drawer for the rest (HOUSE 2.1)", () => {
  const drawer =
    /(?:^|\/)(?:utils?|helpers?|services?|managers?|common|shared|misc|types\.ts|constants\.ts)(?:\/|$)/;
  expect(tracked.filter((path) => drawer.test(path))).toEqual([]);
});

test("nothing that a machine made is kept", () => {
  expect(tracked.filter((path) => /\.(?:log|tsbuildinfo|pem|key)$|(?:^|\/)\.env/.test(path))).toEqual([]);
});

const domain = filesIn("lib", /\.tsx?$/).filter((path) => !path.startsWith("lib/boot/"));

describe("one clock decides (S8, REL10)", () => {
  /** Where time is no deadline of the product's. A new one is a decision, and is written here. */
  const ALLOWED = {
    "Date.now()": ["lib/inbox/receive-mail.ts", "lib/jobs/registry.ts"],
    "new Date()": [],
    "SQL now()": [],
  };
  const PATTERNS: Record<keyof typeof ALLOWED, RegExp> = {
    "Date.now()": /\bDate\.now\(/,
    "new Date()": /\bnew Date\(\)/,
    "SQL now()": /(?<![\w.])now\(\)|\bcurrent_(?:timestamp|date|time)\b|\bclock_timestamp\(/,
  };

  test.each(Object.entries(PATTERNS))("%s is in no use case", (name, pattern) => {
    const found = domain.filter((path) => pattern.test(readFileSync(path, "utf8")));
    expect(found).toEqual(ALLOWED[name as keyof typeof ALLOWED]);
  });

  test("every SQL function of the product asks portal_now()", () => {
    for (const path of filesIn("db/migrations", /\.sql$/)) {
      const calls = [...readFileSync(path, "utf8").matchAll(/(?<!portal_)\bnow\(\)/g)];
      const ownDefinition = path.includes("0000_foundations") ? 1 : 0;
      expect(calls, path).toHaveLength(ownDefinition);
    }
  });
});

describe("secrets stay where they are (SEC9)", () => {
  test("no state of a form has a field for one", () => {
    const state = readFileSync("lib/web/form-state.ts", "utf8");
    expect(state).not.toMatch(/\b(?:password|token|code|secret)\w*\??:/i);
  });

  test("every secret that a form's schema names is kept from coming back", () => {
    const schemas = domain
      .filter((path) => path.endsWith("/input.ts"))
      .map((path) => readFileSync(path, "utf8"));
    const fields = new Set(
      schemas.flatMap((source) =>
        [...source.matchAll(/^\s+(\w*(?:password|token|code|secret)\w*):/gim)].map(([, name = ""]) => name),
      ),
    );
    const form = readFileSync("lib/web/form.ts", "utf8");
    const kept = form.slice(form.indexOf("new Set(["), form.indexOf("])"));
    // A tick box, a choice and an address with the word in their names are no secrets.
    for (const field of ["mustChangePassword", "tokenAuth", "tokenEndpoint"]) fields.delete(field);
    for (const field of [...fields, "password", "newPassword", "confirmPassword", "code", "token"]) {
      expect(kept).toContain(`"${field}"`);
    }
  });

  test("nothing hides markup from React's escaping, but for what is our own", () => {
    const raw = [...filesIn("app", /\.tsx$/), ...filesIn("components", /\.tsx$/)].filter((path) =>
      /dangerouslySetInnerHTML/.test(readFileSync(path, "utf8")),
    );
    for (const path of raw) expect(path).toMatch(/^components\/layout\//);
  });
});

test("authorization never lives in front of Next alone: there is no proxy.ts or middleware.ts (S9, INC1)", () => {
  expect(tracked.filter((path) => /^(?:src\/)?(?:proxy|middleware)\.[cm]?[jt]sx?$/.test(path))).toEqual([]);
});

test("links are built from the firm's record: no source of a mail reads a request (SEC25)", () => {
  for (const path of [...filesIn("lib/outbox", /\.tsx?$/), ...filesIn("emails", /\.tsx$/)]) {
    expect(readFileSync(path, "utf8"), path).not.toMatch(/headers\(|origin\.host|x-forwarded|ctx\.origin/i);
  }
});
