import { filled } from "#tests/e2e/support/addresses.ts";
import { type Rows, withRowsOfWork } from "#tests/e2e/support/rows.ts";
import { aVisitor, type Visitor } from "#tests/e2e/support/visitor.ts";
import { signedInPages } from "#tests/support/app-routes.ts";
import { fillWork } from "#tests/support/fill-work.ts";
import { filledFirm, sessionsOf } from "./population.ts";
import { portOf, type Stage } from "./stage.ts";
import { firstOf } from "./works.ts";

/** An administrator who goes through a filled firm, and what its addresses name. */
export type Walker = { visitor: Visitor; rows: Rows; group: string };

/** Something that a signed-in person looks at. */
export type Sight = { name: string; show: (walker: Walker) => Promise<{ status: number; body: string }> };

/** Lists as they are searched and filtered, and what a form answers before anything is saved. */
const BESIDES: Sight[] = [
  ...[
    ...["/members?q=smith", "/members?sort=-login", "/members?state=deleted", "/members?factor=none"],
    ...["/contacts?q=smith", "/clients?q=smith", "/clients?sort=created", "/clients/[id]/contacts?q=m"],
    ...["/clients/[id]/contacts/add?q=smith", "/clients/[id]/staff?q=m", "/members/invitations?kind=contact"],
    ...[
      "/members/import?kind=contact",
      "/settings/audit-log?by=smith",
      "/settings/audit-log?outcome=refused",
    ],
    ...["/settings/api-tokens?q=smith", "/settings/sso/enforcement?scope=everybody"],
    ...["/members?factor=missing", "/contacts?factor=missing", "/contacts?factor=totp"],
    ...["/reports/access?kind=contact", "/reports/access?state=locked", "/reports/access?q=m"],
    ...["/reports/access?q=smith", "/reports/access?q=nobody"],
  ].map((path) => ({
    name: path,
    show: ({ visitor, rows }: Walker) => visitor.open(filled({ path }, rows)),
  })),
  {
    name: "/settings/security-options, what another preset would change",
    show: ({ visitor }) =>
      visitor.submit("/settings/security-options?preset=inmotion", { form: "Security options" }),
  },
  {
    name: "/settings/groups/[id], what a second factor for most people would ask of them",
    show: ({ visitor, group }) =>
      visitor.submit(`/settings/groups/${group}`, {
        form: "Security group",
        fill: { secondFactor: "required" },
      }),
  },
];

/** Every page of the signed-in shell, read from the folders of `app`, and what is asked on them besides. */
export function sights(): Sight[] {
  const pages = signedInPages().map((page) => ({
    name: page.path,
    show: ({ visitor, rows }: Walker) => visitor.open(filled(page, rows)),
  }));
  return [...pages, ...BESIDES];
}

/** Made once for a firm: what is made here is made for good. */
export async function walkerOf(stage: Stage, members: number): Promise<Walker> {
  const { administrators, firm, host } = await filledFirm(stage, members);
  const { database } = stage;
  const administrator = firstOf(administrators, "An administrator");
  // Another one is looked at: it is no directory's, and signs in by password.
  const { memberId: staff } = firstOf(administrators.slice(1), "Somebody to look at");
  const { token } = firstOf(await sessionsOf(stage, [administrator], 1), "A session");
  const [found] = await database<FoundRow[]>`
    select g.id as administrators, c.id as client, w.id as workspace, k.id as contact, k.security_group_id as "group"
      from security_groups g
      join lateral (select * from clients where tenant_id = g.tenant_id and deleted_at is null order by name limit 1) c on true
      join workspaces w on w.tenant_id = g.tenant_id and w.client_id = c.id
      join lateral (select * from members where tenant_id = g.tenant_id and kind = 'contact' and status = 'enabled' limit 1) k on true
     where g.tenant_id = ${firm} and g.preset = 'administrator'`;
  const { group, ...kinds } = firstOf([found], "What the firm has");
  const rows = await withRowsOfWork(database, { ...kinds, staff, tenant: firm, ada: administrator.memberId });
  await fillWork(database, { tenantId: firm, rows });
  const visitor = aVisitor({ port: portOf(stage), host, source: "10.9.9.9" });
  visitor.cookies.set("__Host-session", token);
  return { visitor, rows, group };
}

type FoundRow = Record<"administrators" | "client" | "workspace" | "contact" | "group", string>;
