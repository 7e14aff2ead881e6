import type { AddressInfo } from "node:net";
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer } from "smtp-server";
import { changeSettings, SETTINGS } from "./settings.ts";

/** What goes wrong in the next conversations. `cut` takes the mail and hangs up before it answers. */
export type Fault =
  | { at: "greeting" | "sender" | "recipient" | "data"; code: number }
  | { at: "cut" }
  | { at: "silent" }
  | undefined;

export type Received = {
  from: string;
  to: string[];
  raw: string;
  email: Email;
  messageId: string;
  subject: string;
  text: string;
};

const received: Received[] = [];
let fault: Fault;
let server: SMTPServer | undefined;

/** A real SMTP server for this file of tests, on a port of its own. The product is told to send there. */
export async function openMailServer(): Promise<void> {
  received.length = 0;
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    logger: false,
    disableReverseLookup: true,
    closeTimeout: 100,
    onConnect: (_session, callback) => {
      if (fault?.at !== "silent") callback(failure("greeting"));
    },
    onAuth: (_auth, _session, callback) => callback(Object.assign(new Error("No."), { responseCode: 535 })),
    onMailFrom: (_address, _session, callback) => callback(failure("sender")),
    onRcptTo: (_address, _session, callback) => callback(failure("recipient")),
    onData: (stream, session, callback) => {
      const { mailFrom, rcptTo } = session.envelope;
      const from = mailFrom ? mailFrom.address : "";
      keep(stream, { from, to: rcptTo.map(({ address }) => address) }).then(
        () => (fault?.at === "cut" ? hangUp() : callback(failure("data"))),
        callback,
      );
    },
  });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  changeSettings({ SMTP_URL: mailServerUrl() });
}

export async function closeMailServer(): Promise<void> {
  hangUp();
  await new Promise<void>((resolve) => (server ? server.close(resolve) : resolve()));
  changeSettings({ SMTP_URL: SETTINGS.SMTP_URL });
}

export function mailServerUrl(login = ""): string {
  if (!server) throw new Error("This file of tests has no mail server.");
  const { port } = server.server.address() as AddressInfo;
  return `smtp://${login}127.0.0.1:${port}`;
}

export function breakMail(next: Fault): void {
  fault = next;
}

/** Every mail that the server took, the oldest first. */
export function mailbox(): readonly Received[] {
  return received;
}

function failure(at: "greeting" | "sender" | "recipient" | "data"): Error | null {
  if (fault?.at !== at) return null;
  return Object.assign(new Error("Not now, or not ever."), { responseCode: fault.code });
}

function hangUp(): void {
  const { connections } = server as unknown as { connections: Set<{ _socket: { destroy(): void } }> };
  for (const connection of connections) connection._socket.destroy();
}

async function keep(stream: AsyncIterable<Buffer>, envelope: { from: string; to: string[] }): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  if (fault?.at === "data") return;
  const raw = Buffer.concat(chunks);
  const email = await PostalMime.parse(raw);
  received.push({
    ...envelope,
    raw: raw.toString("utf8"),
    email,
    messageId: email.messageId ?? "",
    subject: email.subject ?? "",
    text: email.text ?? "",
  });
}
