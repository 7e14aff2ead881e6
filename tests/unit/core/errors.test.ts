import { describe, expect, test } from "vitest";
import {
  asOverloadWhenDatabaseIsAway,
  DomainError,
  ERROR_STATUS,
  forbidden,
  notFound,
  overloaded,
  rateLimited,
  unauthenticated,
} from "#lib/core/errors.ts";

test("there are eight codes, one status each", () => {
  expect(ERROR_STATUS).toEqual({
    invalid: 422,
    unauthenticated: 401,
    forbidden: 403,
    not_found: 404,
    conflict: 409,
    precondition_failed: 412,
    rate_limited: 429,
    overloaded: 503,
  });
});

test("what people read never says what the audit log does (SEC87)", () => {
  for (const error of [forbidden("needs_x"), unauthenticated("no_x"), rateLimited("too_x", 30)]) {
    expect(error.message).not.toContain(error.reason);
  }
  expect(notFound().reason).toBeUndefined();
});

test("who has to wait is told how long", () => {
  expect(rateLimited("x", 30)).toMatchObject({ retryAfterSeconds: 30, message: /30 seconds/ });
  expect(rateLimited("x", 720)).toMatchObject({ retryAfterSeconds: 720, message: /12 minutes/ });
  expect(overloaded(5).retryAfterSeconds).toBe(5);
});

describe("a database that is away is our trouble (REL7)", () => {
  test.each(["ECONNREFUSED", "CONNECT_TIMEOUT", "CONNECTION_CLOSED", "57P01", "57P03", "53300"])(
    "%s",
    (code) => {
      const cause = Object.assign(new Error("inner"), { code });
      for (const error of [
        cause,
        new Error("outer", { cause }),
        new Error("a", { cause: new Error("b", { cause }) }),
      ]) {
        const known = asOverloadWhenDatabaseIsAway(error);
        expect(known).toMatchObject({ code: "overloaded", retryAfterSeconds: 5 });
        expect((known as DomainError).message).not.toMatch(/inner|outer/);
      }
    },
  );

  test("while any other error stays what it is", () => {
    for (const error of [
      new Error("x"),
      Object.assign(new Error("x"), { code: "23505" }),
      notFound(),
      "text",
      undefined,
    ]) {
      expect(asOverloadWhenDatabaseIsAway(error)).toBe(error);
    }
    expect(notFound()).toBeInstanceOf(DomainError);
  });
});
