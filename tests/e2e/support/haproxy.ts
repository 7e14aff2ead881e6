import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { deployed, type Program, startProgram } from "#tests/support/deployed.ts";

export type Server = "one" | "two";

type Served = { client: string; method: string; place: string; status: number; server: string };

export type Haproxy = Program & {
  /** From now on this process alone gets requests; without a name, each in its turn. */
  only: (server?: Server) => Promise<void>;
  /** What its log says of each request, oldest first. */
  served: () => Served[];
};

/** Debian's HAProxy with the configuration of `deploy/`, in front of two processes on these ports. */
export async function startHaproxy(program: string, ports: number[], port: number): Promise<Haproxy> {
  const [one, two] = ports;
  const config = deployed("haproxy.cfg", {
    "bind :80": `bind 127.0.0.1:${port}`,
    "127.0.0.1:3000": `127.0.0.1:${one}`,
    "127.0.0.1:3001": `127.0.0.1:${two}`,
    "log /dev/log local0": "log stdout format raw local0",
    "/run/haproxy/admin.sock": "unix@admin.sock",
    // So many open files, another root and another account are for root alone.
    "maxconn 20000": "maxconn 500",
    "    chroot /var/lib/haproxy\n": "",
    "    user haproxy\n    group haproxy\n": "",
  });
  const files = { "haproxy.cfg": config };
  const started = await startProgram({ program, files, args: () => ["-db", "-f", "haproxy.cfg"], port });
  const command = (text: string) => say(join(started.dir, "admin.sock"), text);
  const only = async (wanted?: Server) => {
    for (const server of ["one", "two"] as const) {
      const state = wanted === undefined || wanted === server ? "ready" : "maint";
      await command(`set server portal/${server} state ${state}`);
      await untilStatus(command, server, state === "ready" ? "UP" : "MAINT");
    }
  };
  return { ...started, only, served: () => servedIn(started.log()) };
}

const LINE = /^(\S+) ([A-Z]+) (\/\S*) (-?\d+) (\S+) \S+ ms \d+ bytes \S+$/gm;

function servedIn(log: string): Served[] {
  return [...log.matchAll(LINE)].map(([, client = "", method = "", place = "", status, server = ""]) => ({
    ...{ client, method, place, server },
    status: Number(status),
  }));
}

async function untilStatus(command: (text: string) => Promise<string>, server: Server, status: string) {
  // A process that was killed takes as long to come back as it takes to start.
  for (let tries = 0; tries < 600; tries += 1) {
    if ((await command("show stat")).split("\n").some((line) => isIn(line.split(","), server, status)))
      return;
    await sleep(50);
  }
  throw new Error(`HAProxy's server ${server} is not ${status}.`);
}

/** The columns of its statistics are numbered for good. */
const isIn = (columns: string[], server: Server, status: string) =>
  columns[0] === "portal" && columns[1] === server && columns[17]?.startsWith(status) === true;

function say(socketPath: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath, () => socket.end(`${text}\n`));
    let answer = "";
    socket.on("data", (piece) => {
      answer += piece;
    });
    socket.once("error", reject).once("close", () => resolve(answer));
  });
}
