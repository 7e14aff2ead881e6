import { expect, test } from "vitest";
import { isOwnState, looksLikeRelayState, relayStateOf } from "#lib/auth/sso/saml/relay-state.ts";

test("only the state of the very token that a browser has kept uses that up (SEC64, SEC78)", () => {
  expect(isOwnState("token", relayStateOf("token"))).toBe(true);
  expect(isOwnState("token", relayStateOf("another"))).toBe(false);
  expect(isOwnState("token", "token")).toBe(false);
  expect(isOwnState("token", "")).toBe(false);
  expect(isOwnState(undefined, "")).toBe(false);
});

test("a state of ours is told from what providers put there by themselves", () => {
  expect(looksLikeRelayState(relayStateOf("token"))).toBe(true);
  for (const text of ["", "/workspaces", "https://portal.example/", "x".repeat(44)])
    expect(looksLikeRelayState(text)).toBe(false);
});
