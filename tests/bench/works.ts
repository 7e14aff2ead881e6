import { floor } from "./floors.ts";
import { requestText } from "./load/load.ts";
import type { Work } from "./measure.ts";
import { type Credential, type Person, populationOf } from "./population.ts";
import { portOf, type Stage, serversOf } from "./stage.ts";

/** A work of the portal: these requests, one after the other. */
export function ourWork(stage: Stage, name: string, requests: string[], expect = 200): Work {
  return { name, port: portOf(stage), pids: serversOf(stage), requests, expect };
}

export const bearer = ({ token }: Credential) => ({ authorization: `Bearer ${token}` });
export const cookie = ({ token }: Credential) => ({ cookie: `__Host-session=${token}` });

/** What a browser says of a page that somebody goes to. */
export const VISIT = { accept: "text/html", "sec-fetch-dest": "document" };

const AS_JSON = { "content-type": "application/json" };

/** Sign-ins with the right password: of people of many firms, or of these. */
export async function signIns(stage: Stage, people?: Person[]): Promise<string[]> {
  const { contacts, password } = await populationOf(stage);
  return (people ?? contacts).map(({ host, username }) =>
    requestText({
      ...{ host, method: "POST", path: "/api/v1/sessions", headers: AS_JSON },
      body: JSON.stringify({ identifier: username, password }),
    }),
  );
}

/** What no sign-in can do without. */
export async function hashFloor(stage: Stage): Promise<Work> {
  const hello = requestText({ host: "localhost", path: "/" });
  return {
    name: "floor: one verification of a hash",
    ...(await floor(stage, "hash")),
    requests: [hello],
  };
}

/** The measurements of works in the order in which they were given, by what they are for. */
export function firstOf<T>(list: (T | undefined)[], what: string): T {
  const [first] = list;
  if (first === undefined) throw new Error(`${what} was not measured.`);
  return first;
}
