import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { bodyIn, compressed, encodedOnce } from "#lib/boot/front/body-in.ts";

const page = Buffer.from("<p>Sign in</p>".repeat(100));

const OFFERS: [accepted: string | undefined, encoding: "br" | "gzip" | undefined][] = [
  ["gzip, deflate, br, zstd", "br"],
  ["gzip", "gzip"],
  ["br;q=0, GZIP;q=0.5", "gzip"],
  ["br;q=0.000, gzip;q=0", undefined],
  ["identity", undefined],
  ["brotli, xgzip", undefined],
  ["", undefined],
  [undefined, undefined],
];

const read = (encoding: "br" | "gzip" | undefined, bytes: Buffer) =>
  ({ br: brotliDecompressSync, gzip: gunzipSync, none: (it: Buffer) => it })[encoding ?? "none"](bytes);

describe.each(OFFERS)("whoever accepts %j gets %s", (accepted, encoding) => {
  test("of what is kept in each form", async () => {
    const given = bodyIn(await compressed(page), accepted);
    expect(given.encoding).toBe(encoding);
    expect(read(given.encoding, given.bytes)).toEqual(page);
  });

  test("of what is compressed for them", async () => {
    const given = await encodedOnce(page, accepted);
    expect(given.encoding).toBe(encoding);
    expect(read(given.encoding, given.bytes)).toEqual(page);
  });
});
