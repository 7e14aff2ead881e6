import { type ChildProcess, fork } from "node:child_process";
import { SECOND } from "#lib/core/clock.ts";
import { overloaded } from "#lib/core/errors.ts";
import { log } from "#lib/core/log.ts";
import type { Hasher } from "./hasher.ts";

/** What a process of these is asked: for a new hash, or whether a password is the one of `stored`. */
export type HashWork = { password: string; stored?: string };

export type HashAnswer = { result: string | boolean } | { trouble: string };

const RETRY_AFTER_SECONDS = 2;
/** One that ends sooner is begun again only when there is work for it: it might never live longer. */
const STEADY_AFTER_MS = 1 * SECOND;

/**
 * Processes of their own for hashing, so that a storm of sign-ins takes no turn from the requests of this one. They are
 * given nothing but the work, one at a time, and end with this process.
 *
 * @param program path of lib/boot's `hasher`
 */
export function startHashProcesses(program: string, count: number): Hasher & { end(): void } {
  const all = Array.from({ length: count }, () => startHashProcess(program));
  const idle = [...all];

  async function perform(work: HashWork) {
    const one = idle.pop();
    if (!one) throw new Error("The hash queue let in more than there are places.");
    try {
      return resultOf(await askTwice(one, work));
    } finally {
      idle.push(one);
    }
  }

  return {
    places: count,
    hash: async (password) => String(await perform({ password })),
    verify: async (stored, password) => (await perform({ stored, password })) === true,
    end() {
      for (const one of all) one.end();
    },
  };
}

type HashProcess = { ask(work: HashWork): Promise<HashAnswer>; end(): void };

/** The process ended before it answered: nothing is known of the password. */
class Unanswered extends Error {}

/** @throws DomainError overloaded where two of them, one after the other, came to nothing over it */
async function askTwice(one: HashProcess, work: HashWork): Promise<HashAnswer> {
  try {
    return await one.ask(work).catch((error) => {
      if (error instanceof Unanswered) return one.ask(work);
      throw error;
    });
  } catch (error) {
    throw error instanceof Unanswered ? overloaded(RETRY_AFTER_SECONDS) : error;
  }
}

function resultOf(answer: HashAnswer): string | boolean {
  if ("trouble" in answer) throw new Error(answer.trouble);
  return answer.result;
}

function startHashProcess(program: string): HashProcess {
  let child: ChildProcess | undefined;
  let ended = false;

  function begin(): ChildProcess {
    const started = performance.now();
    const begun = forkQuietly(program);
    const onEnd = () => {
      if (ended || child !== begun) return;
      log().warn({ hasher: begun.pid, code: begun.exitCode, signal: begun.signalCode }, "a hasher ended");
      child = performance.now() - started > STEADY_AFTER_MS ? begin() : undefined;
    };
    return begun.on("exit", onEnd).on("error", onEnd);
  }

  child = begin();
  return {
    ask(work) {
      child ??= begin();
      return ask(child, work);
    },
    end() {
      ended = true;
      if (child?.connected) child.disconnect();
    },
  };
}

/** Neither the keys nor the database's address go along, and the work comes by the channel alone. */
function forkQuietly(program: string): ChildProcess {
  return fork(program, [], {
    env: { NODE_ENV: "production", UV_THREADPOOL_SIZE: "1" },
    execArgv: ["--enable-source-maps"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
}

function ask(child: ChildProcess, work: HashWork): Promise<HashAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<HashAnswer>();
  const lost = () => reject(new Unanswered());
  child.once("message", resolve).once("exit", lost).once("error", lost);
  if (child.connected) child.send(work, (error) => error && lost());
  else lost();
  return promise.finally(() => child.off("message", resolve).off("exit", lost).off("error", lost));
}
