import type { redirect } from "next/navigation";
import { localPath as pathOnThisHost } from "#lib/core/local-path.ts";

type Target = Parameters<typeof redirect<string>>[0];

/** The same path for what Next redirects to. */
export function localPath(wanted: unknown, fallback: Target = "/"): Target {
  return pathOnThisHost(wanted, fallback) as Target;
}
