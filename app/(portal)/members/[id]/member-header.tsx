import { PageHeader } from "#components/layout/page-header.tsx";
import { TabRow } from "#components/layout/tab-row.tsx";
import { hasPermission } from "#lib/core/access.ts";
import type { Context } from "#lib/core/context.ts";

type Shown = { id: string; kind: "staff" | "contact"; name: string; federated: boolean };

type MemberHeaderProps = {
  ctx: Context;
  member: Shown;
  description: string | undefined;
  tab: "profile" | "password-and-security" | "sessions" | "activity";
};

/** Whose record it is, and the pages of it that its reader may open. */
export function MemberHeader({ ctx, member, description, tab }: MemberHeaderProps) {
  const { id, kind, name } = member;
  const list =
    kind === "staff" ? { href: "/members", label: "Members" } : { href: "/contacts", label: "Contacts" };
  const tabs = [
    { href: `/members/${id}/profile`, label: "Profile" },
    ...(hasSecurityTab(ctx, member)
      ? [{ href: `/members/${id}/password-and-security`, label: "Password & Security" }]
      : []),
    ...(hasPermission(ctx, "sessions:manage")
      ? [{ href: `/members/${id}/sessions`, label: "Sessions" }]
      : []),
    ...(hasPermission(ctx, "audit:read") ? [{ href: `/members/${id}/activity`, label: "Activity" }] : []),
  ];
  return (
    <>
      <PageHeader title={name} description={description} breadcrumbs={[list]} />
      <TabRow label={name} tabs={tabs} currentPath={`/members/${id}/${tab}`} />
    </>
  );
}

/** Who signs in by SSO has no password page (004-02). */
export function hasSecurityTab(ctx: Context, { federated }: Pick<Shown, "federated">): boolean {
  return hasPermission(ctx, "members:manage") && !federated;
}
