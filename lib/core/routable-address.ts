import { BlockList, isIPv4, isIPv6 } from "node:net";

/**
 * Whether an address is one of the public internet, and of nobody's own network (SEC69). By the IANA registries of
 * special-purpose addresses; of IPv6 only what is given out for the internet, so that no way to write an IPv4 address in
 * one passes (mapped, NAT64, 6to4, Teredo).
 */
export function isRoutable(address: string): boolean {
  if (isIPv4(address)) return !SPECIAL.check(address, "ipv4");
  return isIPv6(address) && INTERNET.check(address, "ipv6") && !SPECIAL.check(address, "ipv6");
}

const INTERNET = new BlockList();
INTERNET.addSubnet("2000::", 3, "ipv6");

const SPECIAL = new BlockList();
for (const [net, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  // A cloud's own services, at an address that looks like the internet's.
  ["168.63.129.16", 32],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  // Multicast, what is reserved, and broadcast.
  ["224.0.0.0", 3],
] as const) {
  SPECIAL.addSubnet(net, bits, "ipv4");
}
for (const [net, bits] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const) {
  SPECIAL.addSubnet(net, bits, "ipv6");
}
