import { Resolver } from "node:dns/promises";
import { SECOND } from "./clock.ts";
import { env } from "./env.ts";
import { processSingleton } from "./process.ts";

const ANSWER_WITHIN = 2 * SECOND;

/** The servers' answer, by kind: nothing there is an answer, no answer is none. */
type Answer<T> = { state: "found"; values: T[] } | { state: "nothing" } | { state: "away" };

/** All addresses of a name; none where it has none. Throws when no name server answers. */
export async function lookUpAddresses(name: string): Promise<string[]> {
  const answers = await Promise.all([
    ask(() => resolver().resolve4(name)),
    ask(() => resolver().resolve6(name)),
  ]);
  const found = answers.flatMap((answer) => (answer.state === "found" ? answer.values : []));
  if (found.length === 0 && answers.some(({ state }) => state === "away")) throw new ResolverAway(name);
  return found;
}

/** The TXT records of a name, each in one piece. Throws when no name server answers: that says nothing about the records. */
export async function lookUpTexts(name: string): Promise<string[]> {
  const answer = await ask(() => resolver().resolveTxt(name));
  if (answer.state === "away") throw new ResolverAway(name);
  return answer.state === "found" ? answer.values.map((parts) => parts.join("")) : [];
}

export class ResolverAway extends Error {
  constructor(name: string) {
    super(`No name server has answered for ${name}.`);
    this.name = "ResolverAway";
  }
}

const NOTHING_THERE = new Set(["ENOTFOUND", "ENODATA", "EBADNAME"]);

async function ask<T>(question: () => Promise<T[]>): Promise<Answer<T>> {
  try {
    return { state: "found", values: await question() };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { state: NOTHING_THERE.has(code ?? "") ? "nothing" : "away" };
  }
}

/** The machine's name servers, or those of DNS_SERVERS: never its hosts file, and never a thread that hashing needs. */
function resolver(): Resolver {
  return processSingleton("resolver", () => {
    const made = new Resolver({ timeout: ANSWER_WITHIN, tries: 2 });
    const { DNS_SERVERS } = env();
    if (DNS_SERVERS.length > 0) made.setServers(DNS_SERVERS);
    return made;
  });
}
