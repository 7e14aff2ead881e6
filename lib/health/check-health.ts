import { sql } from "drizzle-orm";
import { callAcrossTenants } from "#db/tenant.ts";
import { isLeaving } from "./leaving.ts";

export type Answer = { status: number; headers: Record<string, string>; body: string };

/** The process runs. */
export function live(): Answer {
  return answer(200, { status: "live" });
}

/** The process can serve: it is not about to end, the database answers and its schema is there (REL16). */
export async function ready(): Promise<Answer> {
  if (isLeaving()) return answer(503, { status: "not ready", process: "ending" }, { "retry-after": "5" });
  try {
    await callAcrossTenants(sql`select read_session(gen_random_uuid(), ''::bytea, '')`);
    return answer(200, { status: "ready", database: "reachable" });
  } catch {
    return answer(
      503,
      { status: "not ready", database: "unreachable or not migrated" },
      { "retry-after": "5" },
    );
  }
}

/** The health endpoint of a path; undefined for any other path. */
export async function healthAnswer(path: string): Promise<Answer | undefined> {
  if (path === "/api/health/live") return live();
  if (path === "/api/health/ready") return ready();
  return undefined;
}

function answer(status: number, body: object, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store", ...headers },
    body: JSON.stringify(body),
  };
}
