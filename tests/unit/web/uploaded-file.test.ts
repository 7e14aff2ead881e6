import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { withUploadedFile } from "#lib/web/uploaded-file.ts";

const MEBIBYTE = 1024 * 1024;
const BOUNDARY = "an-end-of-a-part";

/** A form with a file of so many bytes, made as it is read. Counts what was asked of it. */
function aForm({ bytes, cutOff = false }: { bytes: number; cutOff?: boolean }) {
  const sent = { bytes: 0 };
  async function* body() {
    yield Buffer.from(
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="people.csv"\r\nContent-Type: text/csv\r\n\r\n`,
    );
    for (; sent.bytes < bytes; sent.bytes += MEBIBYTE) yield Buffer.alloc(MEBIBYTE, "a");
    if (cutOff) throw new Error("the line went dead");
    yield Buffer.from(`\r\n--${BOUNDARY}--\r\n`);
  }
  return { request: requestOf(Readable.toWeb(Readable.from(body())) as ReadableStream), sent };
}

function requestOf(
  body: ReadableStream | string,
  type = `multipart/form-data; boundary=${BOUNDARY}`,
): Request {
  const init = { method: "POST", body, headers: { "content-type": type }, duplex: "half" };
  return new Request("http://acme.portal.localhost:3000/members/import/file", init as RequestInit);
}

test("a file is read as it comes in, and not before (D6)", async () => {
  const { request, sent } = aForm({ bytes: 20 * MEBIBYTE });
  let read = 0;
  let ahead = 0;
  await withUploadedFile(request, async (file) => {
    expect(file?.name).toBe("people.csv");
    for await (const piece of file?.content ?? []) {
      read += piece.length;
      ahead = Math.max(ahead, sent.bytes - read);
    }
  });
  expect(read).toBe(20 * MEBIBYTE);
  expect(ahead).toBeLessThan(4 * MEBIBYTE);
});

test("whoever stops reading in the middle gets an answer all the same, for the rest flows away", async () => {
  const { request, sent } = aForm({ bytes: 8 * MEBIBYTE });
  const work = withUploadedFile(request, async (file) => {
    for await (const _ of file?.content ?? []) throw new Error("no table");
  });
  await expect(work).rejects.toThrow("no table");
  expect(sent.bytes).toBe(8 * MEBIBYTE);
});

test("a file that stops coming is an error, and no shorter file", async () => {
  const { request } = aForm({ bytes: 2 * MEBIBYTE, cutOff: true });
  const work = withUploadedFile(request, async (file) => {
    for await (const _ of file?.content ?? []);
  });
  await expect(work).rejects.toThrow();
});

test.each([
  [
    "a form without a file",
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="kind"\r\n\r\nstaff\r\n--${BOUNDARY}--\r\n`,
    undefined,
  ],
  ["something that is no form", "Name,E-mail", "text/csv"],
  ["a form that says no boundary", "Name,E-mail", "multipart/form-data"],
  ["a form that is damaged", "Name,E-mail", undefined],
])("%s holds no file", async (_, body, type) => {
  await withUploadedFile(requestOf(body, type), async (file) => {
    expect(file).toBeUndefined();
  });
});
