import type { Check } from "./check.ts";
import { forwardAuth } from "./forward-auth.ts";
import { introspection } from "./introspection.ts";
import { sessionCheck } from "./session-check.ts";
import { signIn } from "./sign-in.ts";

/** The check of an address below /api/v1, where this method asks for one. */
export function findCheck(path: string, method: string | undefined): Check | undefined {
  if (path === "/session") return method === "GET" || method === "HEAD" ? sessionCheck : undefined;
  if (path === "/forward-auth") return forwardAuth;
  if (path === "/sessions") return method === "POST" ? signIn : undefined;
  return path === "/introspect" && method === "POST" ? introspection : undefined;
}
