import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

export type Taken = { messageId: string; bytes: string };

/** Where a conversation is held up: nowhere, at its sender, or between the mail's last byte and the 250. */
type Stall = "nowhere" | "sender" | "answer";

/** A real SMTP server that can stop in the middle of a conversation, as mail servers do. */
export async function aMailServer() {
  let stall: Stall = "nowhere";
  let waiting: (() => void)[] = [];
  const reached = { sender: 0, answer: 0 };
  const taken: Taken[] = [];

  function hold(at: "sender" | "answer", goOn: () => void): void {
    reached[at] += 1;
    if (stall === at) waiting.push(goOn);
    else goOn();
  }

  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    logger: false,
    onMailFrom: (_address, _session, callback) => hold("sender", callback),
    onData(stream, _session, callback) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () =>
        hold("answer", () => {
          const bytes = Buffer.concat(chunks).toString("utf8");
          taken.push({ bytes, messageId: /^message-id:\s*(\S+)/im.exec(bytes)?.[1] ?? "" });
          callback();
        }),
      );
    },
  });
  // A client that is killed in the middle is what these tests are about.
  server.on("error", () => undefined);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.server.address() as AddressInfo;

  return {
    url: `smtp://127.0.0.1:${port}`,
    /** Every mail that was answered with 250. */
    taken,
    /** How many conversations have got so far. */
    reached,
    stallAt(where: Stall): void {
      stall = where;
    },
    /** Lets those that wait go on. */
    release(): void {
      const now = waiting;
      waiting = [];
      for (const goOn of now) goOn();
    },
    close: () => new Promise<void>((closed) => server.close(closed)),
  };
}
