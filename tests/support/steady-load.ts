import { Agent, get } from "node:http";

export type Answered = { status: number | undefined; body: string };

/** What is asked for, by clients that ask again as soon as they are answered: half of them over a kept connection. */
export function steadyLoad(addresses: URL[], headers: Record<string, string> = {}) {
  const answers: Answered[] = [];
  const failures: string[] = [];
  let isOver = false;

  async function client(url: URL, agent: Agent | false): Promise<void> {
    while (!isOver) {
      await ask(url, agent, headers).then(
        (answer) => answers.push(answer),
        (error: Error) => failures.push(error.message),
      );
    }
    if (agent) agent.destroy();
  }

  const clients = addresses.flatMap((url) => [
    client(url, new Agent({ keepAlive: true, maxSockets: 1 })),
    client(url, new Agent({ keepAlive: true, maxSockets: 1 })),
    client(url, false),
    client(url, false),
  ]);
  return {
    answers,
    failures,
    /** Comes back when so many more have been answered. */
    async more(count: number): Promise<Answered[]> {
      const from = answers.length;
      while (answers.length + failures.length < from + count) await pause();
      return answers.slice(from);
    },
    async end(): Promise<void> {
      isOver = true;
      await Promise.all(clients);
    },
  };
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 5));

function ask(url: URL, agent: Agent | false, headers: Record<string, string>): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, headers }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (part) => {
        body += part;
      });
      response.once("end", () => resolve({ status: response.statusCode, body }));
      response.once("error", reject);
    });
    request.once("error", reject);
  });
}
