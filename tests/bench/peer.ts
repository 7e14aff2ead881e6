import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import postgres from "postgres";
import { freePort } from "#lib/boot/ports.mjs";
import { send, setCookies } from "#tests/e2e/support/http.ts";
import type { Program } from "./floors.ts";
import type { Part } from "./lines/lists.ts";
import { requestText } from "./load/load.ts";
import type { Work } from "./measure.ts";
import { runProgram, spawnProgram, untilAnswered } from "./programs.ts";
import { VISIT } from "./works.ts";

const source = join(import.meta.dirname, "peer");
const dir = resolve(import.meta.dirname, "../../.data/bench/peer");

const SMALL = 1000;
const SESSIONS = 20;
const KEYS = 200;
const PAGE = 50;
const HOST = "localhost";

type Model = { id: string; email: string; password: string; key: string };
type Installed = Program & { model: Model; cookies: string[]; keys: string[] };

/** Better Auth in a minimal Next application, on the same PostgreSQL: what is measured of it, in turns with the portal. */
export type Peer = Record<
  "sessionCheck" | "apiKeyCheck" | "signIn" | "resetRequest" | "signInPage" | "memberPage",
  () => Promise<Work>
> & { listUsers: (size: number, part: Part) => Promise<Work> };

/** Installs and builds it; each size of its data is a process and a database of its own, made when it is first asked for. */
export async function preparePeer(superuserUrl: string): Promise<Peer> {
  await install();
  const sizes = new Map<number, Promise<Installed>>();
  const ofSize = (size: number) => {
    const made = sizes.get(size) ?? start(superuserUrl, size);
    sizes.set(size, made);
    return made;
  };
  const small = () => ofSize(SMALL);
  const work = (name: string, of: (peer: Installed) => string[]) => async (): Promise<Work> => {
    const peer = await small();
    return { name: `Better Auth: ${name}`, port: peer.port, pids: peer.pids, requests: of(peer) };
  };
  return {
    sessionCheck: work("session check", ({ cookies }) => gets("/api/auth/get-session", cookies)),
    apiKeyCheck: work("API key check", ({ keys }) =>
      keys.map((key) => requestText({ host: HOST, path: "/api/key", headers: { "x-api-key": key } })),
    ),
    signIn: work("password sign-in", ({ model }) => signIns(model)),
    resetRequest: work("reset request", () =>
      people((email) => post("/api/auth/request-password-reset", { email, redirectTo: "/reset" })),
    ),
    signInPage: work("sign-in page, dynamic", () => [
      requestText({ host: HOST, path: "/sign-in", headers: VISIT }),
    ]),
    memberPage: work("signed-in page with one list", ({ cookies }) => gets("/members", cookies)),
    listUsers: async (size, part) => {
      const { port, pids, cookies } = await ofSize(size);
      const name = `Better Auth: ${part} of ${size.toLocaleString("en-US")} users`;
      return {
        name,
        port,
        pids,
        requests: gets(`/api/auth/admin/list-users?${questionOf(part, size)}`, cookies),
      };
    },
  };
}

function questionOf(part: Part, size: number): URLSearchParams {
  const page = {
    limit: String(PAGE),
    offset: part === "last page" ? String(size - PAGE) : "0",
    sortBy: "name",
  };
  const search = { searchValue: "smith", searchField: "name", searchOperator: "contains" };
  return new URLSearchParams({ ...page, ...(part === "search" && search) });
}

const gets = (path: string, cookies: string[]): string[] =>
  cookies.map((cookie) => requestText({ host: HOST, path, headers: { ...VISIT, cookie } }));

const emailOf = (n: number): string => `user${n}@bench.example`;

const people = (ask: (email: string) => string): string[] =>
  Array.from({ length: SMALL - 1 }, (_, n) => ask(emailOf(n + 1)));

const signIns = ({ password }: Model): string[] =>
  people((email) => post("/api/auth/sign-in/email", { email, password }));

function post(path: string, body: Record<string, string>): string {
  const headers = { "content-type": "application/json", origin: `http://${HOST}` };
  return requestText({ host: HOST, method: "POST", path, headers, body: JSON.stringify(body) });
}

/** Into a folder of its own, once for each state of its sources: none of it is a dependency of the portal. */
async function install(): Promise<void> {
  const stamp = join(dir, "installed");
  const wanted = sourceText();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  rmSync(dir, { recursive: true, force: true });
  cpSync(source, dir, { recursive: true });
  // Its plugin for keys names older versions of what it shares with the rest.
  const options = ["--ignore-scripts", "--legacy-peer-deps", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status } = spawnSync("npm", ["install", ...options], { cwd: dir, stdio: "inherit" });
  if (status !== 0) throw new Error("Better Auth could not be installed.");
  await runProgram([nextIn(dir), "build"], { cwd: dir });
  writeFileSync(stamp, wanted);
}

function sourceText(): string {
  const entries = readdirSync(source, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return files
    .sort()
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");
}

const nextIn = (folder: string): string => join(folder, "node_modules/next/dist/bin/next");

async function start(superuserUrl: string, size: number): Promise<Installed> {
  const port = await freePort();
  const env = await database(superuserUrl, `peer_${size}`, port);
  const model = prepare(env);
  const keys = await fill(env.PEER_DATABASE_URL, size, model);
  const program = spawnProgram([nextIn(dir), "start", "--port", String(port), "--hostname", "127.0.0.1"], {
    cwd: dir,
    env: { ...process.env, ...env },
  });
  await untilAnswered(port, "/sign-in");
  const cookies = await Promise.all(Array.from({ length: SESSIONS }, (_, n) => signedIn(port, model, n + 1)));
  return { port, pids: [program.pid ?? 0], model, cookies, keys };
}

async function database(superuserUrl: string, name: string, port: number) {
  const superuser = postgres(superuserUrl, { max: 1, onnotice: () => undefined });
  await superuser.unsafe(`create database ${name}`);
  await superuser.end();
  const url = new URL(superuserUrl);
  url.pathname = `/${name}`;
  return { PEER_DATABASE_URL: url.href, PEER_URL: `http://127.0.0.1:${port}` };
}

function prepare(env: Record<string, string>): Model {
  const own = { ...process.env, ...env };
  const { stdout, stderr } = spawnSync(process.execPath, ["prepare.js"], {
    cwd: dir,
    env: own,
    encoding: "utf8",
  });
  const told = stdout.trim().split("\n").at(-1) ?? "";
  if (!told.startsWith("{")) throw new Error(`Better Auth made no tables:\n${stderr}`);
  return JSON.parse(told) as Model;
}

/** Users by statements, the first thousand with the model's password, and keys like the model's. */
async function fill(url: string, size: number, { id }: Model): Promise<string[]> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  await sql`
    insert into "user" (id, name, email, "emailVerified", "createdAt", "updatedAt", role)
    select 'u' || n, (array['Maria', 'James', 'Anna', 'John', 'Li', 'Sarah'])[1 + n % 6] || ' '
             || (array['Smith', 'Johnson', 'Miller', 'Brown', 'Nordberg', 'Hart', 'Stone'])[1 + n % 7] || ' ' || n,
           'user' || n || '@bench.example', true, now(), now(), case when n <= ${SESSIONS} then 'admin' else 'user' end
      from generate_series(1, ${size - 1}::int) n`;
  await sql`
    insert into account (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt")
    select 'a' || u.id, u.id, 'credential', u.id, a.password, now(), now()
      from "user" u, account a where a."userId" = ${id} and u.email = any(${people((email) => email)})`;
  const keys = Array.from({ length: KEYS }, () => randomBytes(48).toString("base64url"));
  for (const key of keys) await insertKey(sql, key);
  await sql`analyze`;
  await sql.end();
  return keys;
}

async function insertKey(sql: postgres.Sql, key: string): Promise<void> {
  const [model] = await sql`select * from apikey limit 1`;
  const hash = createHash("sha256").update(key).digest("base64url");
  await sql`insert into apikey ${sql({ ...model, id: randomBytes(12).toString("hex"), key: hash })}`;
}

/** The cookie of a new session. */
async function signedIn(port: number, { password }: Model, n: number): Promise<string> {
  const headers = { host: HOST, "content-type": "application/json", "x-forwarded-for": `10.254.0.${n}` };
  const body = JSON.stringify({ email: emailOf(n), password });
  const answer = await send(port, "/api/auth/sign-in/email", { method: "POST", headers, body });
  if (answer.status !== 200)
    throw new Error(`Better Auth answered a sign-in with ${answer.status}: ${answer.body}`);
  return setCookies(answer)
    .map((line) => line.split(";")[0])
    .join("; ");
}
