import { connect, type Socket } from "node:net";
import type { Load, Outcome } from "./load.ts";

/**
 * The program that makes load: keep-alive connections that each ask again as soon as they are answered. It knows of HTTP
 * only what it needs, since it shares the cores with what it measures.
 */
process.once("message", (load: Load) => {
  void run(load)
    .then((outcome) => process.send?.(outcome))
    .finally(() => process.disconnect());
});

async function run(load: Load): Promise<Outcome> {
  const took: number[] = [];
  const requests = load.requests.map((text) => text.split("{source}") as [string, string?]);
  const count = { sent: load.from, unexpected: 0, sample: "" };
  const sockets = await Promise.all(Array.from({ length: load.connections }, () => open(load.port)));
  const begun = performance.now();
  const end = begun + load.seconds * 1000;
  const next = () => {
    const [before = "", after = ""] = requests[count.sent % requests.length] ?? [];
    count.sent += 1;
    return after === "" ? before : before + sourceOf(count.sent) + after;
  };
  const lane = async (opened: Socket) => {
    let socket = opened;
    while (performance.now() < end) {
      const at = performance.now();
      const answer = await ask(socket, next());
      took.push(performance.now() - at);
      if (answer.status !== load.expect) {
        count.unexpected += 1;
        count.sample ||= answer.begin;
      }
      if (answer.closes) socket = await open(load.port);
    }
    socket.destroy();
  };
  await Promise.all(sockets.map(lane));
  return outcomeOf(took, performance.now() - begun, count, load.from);
}

type Count = { sent: number; unexpected: number; sample: string };

function outcomeOf(took: number[], milliseconds: number, count: Count, from: number): Outcome {
  const sorted = Float64Array.from(took).sort();
  const quantile = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
  return {
    answers: took.length,
    perSecond: (took.length * 1000) / milliseconds,
    p50: quantile(0.5),
    p99: quantile(0.99),
    asked: count.sent - from,
    unexpected: count.unexpected,
    sample: count.sample,
  };
}

/** Each request comes from somebody else, as if a proxy stood in front. */
const sourceOf = (n: number) => `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;

function open(port: number): Promise<Socket> {
  return new Promise((opened, failed) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true }, () => opened(socket));
    socket.once("error", failed);
  });
}

type Answer = { status: number; closes: boolean; begin: string };

/** Sends one request and waits for the last byte of its answer. */
function ask(socket: Socket, request: string): Promise<Answer> {
  return new Promise((answered, failed) => {
    const reader = new AnswerReader();
    const done = (closes: boolean) => {
      socket.off("data", take).off("end", ended).off("error", failed);
      const { head } = reader;
      answered({ status: Number(head.slice(9, 12)), closes, begin: head.slice(0, 600) });
    };
    const ended = () => done(true);
    const take = (chunk: Buffer) => {
      if (reader.isWholeWith(chunk.toString("latin1"))) done(/\r\nconnection: close/i.test(reader.head));
    };
    socket.on("data", take).once("end", ended).once("error", failed);
    socket.write(request, "latin1");
  });
}

const CHUNKED = Number.POSITIVE_INFINITY;
const LAST_CHUNK = "0\r\n\r\n";

/** As much of an answer as has come. Of its body only the end is kept. */
class AnswerReader {
  /** Up to the empty line, and what came with it. */
  head = "";
  private missing: number | undefined;
  private tail = "";

  isWholeWith(text: string): boolean {
    const body = this.missing === undefined ? this.bodyAfterHead(text) : text;
    if (body === undefined || this.missing === undefined) return false;
    this.missing -= body.length;
    this.tail = (this.tail + body).slice(-LAST_CHUNK.length);
    return this.missing === CHUNKED ? this.tail === LAST_CHUNK : this.missing <= 0;
  }

  private bodyAfterHead(text: string): string | undefined {
    this.head += text;
    const end = this.head.indexOf("\r\n\r\n");
    if (end === -1) return undefined;
    this.missing = bodyLength(this.head.slice(0, end));
    return this.head.slice(end + 4);
  }
}

function bodyLength(head: string): number {
  if (/^HTTP\/1\.1 (?:204|304)/.test(head)) return 0;
  if (/\r\ntransfer-encoding: chunked/i.test(head)) return CHUNKED;
  return Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
}
