import "server-only";
import { redirect } from "next/navigation";
import { pageOfDuty } from "#lib/auth/session/page-of-duty.ts";
import type { StartedSession } from "#lib/auth/session/start-session.ts";
import { localPath } from "./local-path.ts";

/** Where a session that has just begun leads: to what it owes first, and from there to where its owner was going. */
export function goOnTo(
  { duties }: Pick<StartedSession, "duties">,
  typedNext: string | string[] | undefined,
): never {
  const next = localPath(typedNext);
  const [duty] = duties;
  redirect(duty === undefined ? next : `${pageOfDuty(duty)}?next=${encodeURIComponent(next)}`);
}
