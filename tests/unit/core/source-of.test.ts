import { expect, test } from "vitest";
import { sourceOf } from "#lib/core/rate-limit.ts";

test.each([
  ["an IPv4 address is a source", "203.0.113.7", "203.0.113.7"],
  ["an IPv6 address counts as its /64 (SEC13)", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["whatever its last half", "2001:db8:1:2::1", "2001:db8:1:2::/64"],
  ["with zeros in between", "2001:db8::1", "2001:db8:0:0::/64"],
  ["loopback too", "::1", "0:0:0:0::/64"],
  ["what is no address stays what it is", "command line", "command line"],
])("%s", (_, source, counted) => {
  expect(sourceOf({ source })).toBe(counted);
});
