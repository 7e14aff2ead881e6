import type { IncomingMessage } from "node:http";
import { afterEach, expect, test } from "vitest";
import { clientAddress } from "#lib/boot/front/client-address.ts";
import { changeSettings } from "#tests/support/settings.ts";

afterEach(() => changeSettings({ TRUSTED_PROXIES: undefined }));

function addressOf(forwardedFor: string | undefined, socket: string | undefined = "10.0.0.9") {
  const headers = forwardedFor === undefined ? {} : { "x-forwarded-for": forwardedFor };
  return clientAddress({ headers, socket: { remoteAddress: socket } } as unknown as IncomingMessage);
}

test.each([undefined, "1.2.3.4", "1.2.3.4, 5.6.7.8", ",", "x"])(
  "without trusted proxies the header %j changes nothing (SEC15)",
  (header) => {
    expect(addressOf(header)).toBe("10.0.0.9");
  },
);

test.each([
  ["1", "203.0.113.7", "203.0.113.7"],
  ["1", "1.2.3.4, 203.0.113.7", "203.0.113.7"],
  ["1", "1.2.3.4,evil,,203.0.113.7 ", "203.0.113.7"],
  ["2", "1.2.3.4, 203.0.113.7, 10.0.0.1", "203.0.113.7"],
  ["2", "203.0.113.7", "10.0.0.9"],
  ["1", undefined, "10.0.0.9"],
  ["1", "", "10.0.0.9"],
  ["1", "1.2.3.4,", "10.0.0.9"],
])("behind %s trusted proxies, %j means %s (SEC15, INC27)", (proxies, header, address) => {
  changeSettings({ TRUSTED_PROXIES: proxies });
  expect(addressOf(header)).toBe(address);
});

test("an IPv4 address that came by IPv6 is the same address", () => {
  expect(addressOf(undefined, "::ffff:203.0.113.7")).toBe("203.0.113.7");
  expect(addressOf(undefined, "2001:db8::1")).toBe("2001:db8::1");
});

test("an address is never long, whatever a proxy passes on", () => {
  changeSettings({ TRUSTED_PROXIES: "1" });
  expect(addressOf("a".repeat(10_000)).length).toBeLessThanOrEqual(64);
});
