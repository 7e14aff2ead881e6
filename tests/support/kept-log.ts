import { symbols } from "pino";
import { log } from "#lib/core/log.ts";

const lines: string[] = [];

/** Keeps what the product logs instead of printing it: its own logger, with another place to write to. */
export function keepLog(): void {
  lines.length = 0;
  const logger = log() as unknown as Record<symbol, unknown>;
  logger[symbols.streamSym] = { write: (line: string) => void lines.push(line) };
}

/** What the product has logged in this file of tests, a line of JSON each. */
export function logged(): readonly string[] {
  return lines;
}
