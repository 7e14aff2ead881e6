import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Account, asAccount, giveTo } from "#lib/boot/postgres/account.mjs";

const PATIENCE = 10_000;

/** A file of `deploy/` as it is, but for what has another place here. */
export function deployed(file: string, places: Record<string, string>): string {
  let text = readFileSync(join(import.meta.dirname, "../../deploy", file), "utf8");
  for (const [there, here] of Object.entries(places)) {
    if (!text.includes(there)) throw new Error(`deploy/${file} does not say "${there}".`);
    text = text.replaceAll(there, here);
  }
  return text;
}

export type Program = {
  port: number;
  dir: string;
  /** What it has written so far. */
  log: () => string;
  stop: () => Promise<void>;
};

type Start = {
  program: string;
  /** Its files, by name, in a folder of its own that goes with it. */
  files: Record<string, string>;
  args: (dir: string) => string[];
  /** Where it listens when it is there. */
  port: number;
  account?: Account | undefined;
};

/** Starts a server that others wrote, and waits until it listens. */
export async function startProgram({ program, files, args, port, account }: Start): Promise<Program> {
  const dir = mkdtempSync(join(tmpdir(), "portal-deployed-"));
  giveTo(account, dir);
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(dir, name), text, { mode: 0o600 });
    giveTo(account, join(dir, name));
  }
  let written = "";
  const child = spawn(program, args(dir), {
    ...asAccount(account),
    cwd: dir,
    env: { ...process.env, HOME: dir, XDG_DATA_HOME: dir, XDG_CONFIG_HOME: dir },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece) => (written += piece));
  const stop = async () => {
    await end(child);
    rmSync(dir, { recursive: true, force: true });
  };
  if (await listens(child, port)) return { port, dir, log: () => written, stop };
  await stop();
  throw new Error(`${program} does not listen:\n${written.slice(-4_000)}`);
}

async function listens(child: ChildProcess, port: number): Promise<boolean> {
  for (const deadline = Date.now() + PATIENCE; Date.now() < deadline; await sleep(50)) {
    if (child.exitCode !== null) return false;
    if (await accepts(port)) return true;
  }
  return false;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => answer(true)).once("error", () => answer(false));
    socket.once("connect", () => socket.destroy());
  });
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((done) => {
    child.once("exit", () => done());
    child.kill("SIGTERM");
  });
}
