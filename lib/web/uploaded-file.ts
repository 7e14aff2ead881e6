import "server-only";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { Busboy, type BusboyHeaders } from "@fastify/busboy";

export type UploadedFile = { name: string; content: AsyncIterable<Uint8Array> };

/**
 * The file of a multipart form, to be read as it comes in; undefined where there is none. What nobody reads of it flows
 * away, so that the browser gets its answer.
 */
export async function withUploadedFile<T>(
  request: Request,
  work: (file: UploadedFile | undefined) => Promise<T>,
): Promise<T> {
  const type = request.headers.get("content-type") ?? "";
  if (!request.body || !/^multipart\/form-data\s*;\s*boundary=/i.test(type)) return work(undefined);
  const { file, received } = receive(request.body as ReadableStream<Uint8Array>, type);
  const found = await file;
  try {
    // Whoever stops reading in the middle leaves the rest to flow away, and does not break the line.
    const content = found?.stream.iterator({ destroyOnReturn: false });
    return await work(found && content && { name: found.name, content });
  } finally {
    found?.stream.resume();
    await received;
  }
}

type Part = { name: string; stream: Readable };

function receive(body: ReadableStream<Uint8Array>, type: string) {
  const busboy = new Busboy({
    headers: { "content-type": type } as BusboyHeaders,
    limits: { files: 1, fields: 4, parts: 5, fieldSize: 1024 },
  });
  let stream: Readable | undefined;
  const file = new Promise<Part | undefined>((resolve) => {
    busboy.on("file", (_field, part, name) => {
      stream = part;
      resolve({ name, stream: part });
    });
    busboy.on("finish", () => resolve(undefined)).on("error", () => resolve(undefined));
  });
  const received = pipeline(Readable.fromWeb(body), busboy).catch((error: Error) => {
    // Whoever reads the file hears that the rest of it does not come.
    stream?.destroy(error);
  });
  return { file, received };
}
