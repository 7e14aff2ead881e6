import { join } from "node:path";
import { forkProgram } from "../programs.ts";

export type Load = {
  port: number;
  connections: number;
  seconds: number;
  /** Whole requests as they go over the wire, asked one after the other and again from the first; `{source}` in them is an address of its own each time. */
  requests: string[];
  /** The number of the first one. */
  from: number;
  /** The status of every answer. */
  expect: number;
};

/** Times in milliseconds. */
export type Outcome = {
  answers: number;
  perSecond: number;
  p50: number;
  p99: number;
  asked: number;
  unexpected: number;
  /** How the first answer of another status begins. */
  sample: string;
};

const generator = join(import.meta.dirname, "generator.ts");

/**
 * Sends requests from a process of its own.
 * @throws Error when an answer has another status than the expected one: then something else was measured.
 */
export async function sendLoad(load: Load): Promise<Outcome> {
  const program = forkProgram(generator);
  const outcome = await new Promise<Outcome>((told, failed) => {
    program.once("message", told);
    program.once("exit", () => failed(new Error("The load generator ended early.")));
    program.send(load);
  });
  if (outcome.unexpected === 0) return outcome;
  const { unexpected, answers, sample } = outcome;
  throw new Error(`${unexpected} of ${answers} answers were not ${load.expect}, such as:\n${sample}`);
}

type Sent = { host: string; method?: string; path: string; headers?: Record<string, string>; body?: string };

/** The bytes of one request that comes from somebody else each time. */
export function requestText({ host, method = "GET", path, headers = {}, body }: Sent): string {
  const lines = Object.entries({
    host,
    "x-forwarded-for": "{source}",
    ...headers,
    ...(body !== undefined && { "content-length": String(Buffer.byteLength(body)) }),
  }).map(([name, value]) => `${name}: ${value}`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${body ?? ""}`;
}
