import type { ReactNode } from "react";
import { PageHeader } from "#components/layout/page-header.tsx";
import { TabRow } from "#components/layout/tab-row.tsx";
import { hasOwnPassword } from "#lib/auth/password/has-own-password.ts";
import { hasPermission } from "#lib/core/access.ts";
import { visitorContext } from "#lib/web/context.ts";
import { requestStamp } from "#lib/web/request.ts";

/** What somebody sets for the own account, page by page (000-05). Each page authorizes for itself. */
export default async function AccountLayout({ children }: { children: ReactNode }) {
  const { path } = await requestStamp();
  const ctx = await visitorContext();
  const withPassword = ctx.actor !== undefined && (await hasOwnPassword(ctx));
  const apiToken = hasPermission(ctx, "api_tokens:own") ? [API_TOKEN] : [];
  return (
    <>
      <PageHeader title="Settings" description="For your own account." />
      <TabRow
        label="Settings"
        tabs={[...(withPassword ? TABS : WITHOUT_PASSWORD), ...apiToken]}
        currentPath={path.split("?")[0] ?? "/"}
      />
      {children}
    </>
  );
}

const TABS = [
  { href: "/account/profile", label: "Profile" },
  { href: "/account/password", label: "Password" },
  { href: "/account/sessions", label: "Sessions" },
  { href: "/account/firms", label: "Firms" },
];

const API_TOKEN = { href: "/account/api-token", label: "API token" };

/** For who signs in by SSO: there is no such page, and no word of one (004-02). */
const WITHOUT_PASSWORD = TABS.filter(({ href }) => href !== "/account/password");
