import type { AppRoute } from "#tests/support/app-routes.ts";
import type { Rows } from "./rows.ts";

/** What an address names by its place in it. An address with an id that none of these fits fails the matrix. */
const NAMED: [RegExp, keyof Rows][] = [
  [/^\/members\/\[id\]\/deleted$/, "deleted"],
  [/^\/members\/batches\/\[/, "batch"],
  [/^\/members\/requests\/\[/, "request"],
  [/^\/members\/imports?\/\[|^\/imports?\/\[/, "import"],
  [/^\/members\/invitations\/\[|^\/invitations\/\[/, "invitation"],
  [/^\/members\/\[/, "staff"],
  [/^\/contacts\/\[/, "contact"],
  [/^\/clients\/\[/, "client"],
  [/^\/workspaces\/\[/, "workspace"],
  [/^\/settings\/groups\/\[/, "group"],
  [/^\/settings\/sso\/\[/, "connection"],
  [/\[memberId\]/, "staff"],
];

/** A version of the security options is a number, and each firm has the first one. */
export const NUMBERED = /\[version\]/;

export function kindOf({ path }: Pick<AppRoute, "path">): keyof Rows | undefined {
  return NAMED.find(([pattern]) => pattern.test(path))?.[1];
}

/** The address of a page, with ids in it. */
export function filled({ path }: Pick<AppRoute, "path">, rows: Rows): string {
  const kind = kindOf({ path });
  const withVersion = path.replace("[version]", "0").replace("[flow]", rows.flow);
  return kind ? withVersion.replace(/\[\w+\]/, rows[kind]) : withVersion;
}
