import { expect, test } from "vitest";
import { isSlug } from "#lib/tenancy/slug.ts";

test.each(["a", "acme", "a1", "1a", "a-b", "a".repeat(63), "x--y"])(
  "%s may be a firm's subdomain",
  (slug) => {
    expect(isSlug(slug)).toBe(true);
  },
);

test.each([
  ["reserved", ["www", "api", "admin", "app", "auth", "mail", "static", "dev"]],
  ["no DNS label", ["", "-a", "a-", "a.b", "a_b", "a b", "a\n", "ACME", "a/b", "a:1", "a".repeat(64)]],
  ["an internationalised name, or looks like one (SEC61)", ["xn--acme", "\u00e4", "\u0430cme"]],
])("a text that is %s may not (SEC61)", (_, slugs) => {
  for (const slug of slugs) expect(isSlug(slug), slug).toBe(false);
});
