import { randomUUID } from "node:crypto";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SMTPServer } from "smtp-server";

const MAX_BYTES = 1_000_000;

/**
 * The development inbox's SMTP server: takes every mail on loopback and keeps it as a file, whole before it answers
 * 250. It sends nothing anywhere (DEC3).
 */
export async function receiveMail(directory: string, port: number): Promise<SMTPServer> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    size: MAX_BYTES,
    logger: false,
    onData(stream, _session, callback) {
      keep(directory, stream).then(() => callback(), callback);
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return server;
}

async function keep(directory: string, stream: AsyncIterable<Buffer>): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  const name = `${String(Date.now()).padStart(15, "0")}-${randomUUID()}`;
  await writeFile(join(directory, `${name}.part`), Buffer.concat(chunks), { mode: 0o600 });
  await rename(join(directory, `${name}.part`), join(directory, `${name}.eml`));
}
