import type { IncomingMessage } from "node:http";
import { describe, expect, test } from "vitest";
import { troubleWithLength } from "#lib/boot/front/request-body.ts";

const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * KIBIBYTE;

const asking = (headers: Record<string, string>) => ({ headers }) as unknown as IncomingMessage;

const ofLength = (length: number) => asking({ "content-length": String(length) });

describe("nobody can fill the memory (SEC90):", () => {
  test.each([
    ["a form", "/sign-in", 64 * KIBIBYTE],
    ["an endpoint", "/api/v1/members", 64 * KIBIBYTE],
    ["a page below the one that takes files", "/members/import/file/x", 64 * KIBIBYTE],
    ["a group with its people (H1)", "/api/scim/v2/Groups", MEBIBYTE],
    ["a file of people (D6)", "/members/import/file", 32 * MEBIBYTE],
  ])("%s is taken up to its limit and no further", (_, path, most) => {
    expect(troubleWithLength(ofLength(most), path)).toBeUndefined();
    expect(troubleWithLength(ofLength(most + 1), path)).toMatchObject({ status: 413 });
  });

  test("a file that does not say how long it is, is not taken", () => {
    const endless = asking({ "transfer-encoding": "chunked" });
    expect(troubleWithLength(endless, "/members/import/file")).toMatchObject({ status: 411 });
  });
});
