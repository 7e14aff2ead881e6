import type { ReactNode } from "react";
import { PageHeader } from "#components/layout/page-header.tsx";
import { TabRow } from "#components/layout/tab-row.tsx";
import { hasSecondFactors } from "#lib/auth/mfa/describe-second-factors.ts";
import { hasOwnPassword } from "#lib/auth/password/has-own-password.ts";
import { hasPermission } from "#lib/core/access.ts";
import { visitorContext } from "#lib/web/context.ts";
import { requestStamp } from "#lib/web/request.ts";

/** What somebody sets for the own account, page by page (000-05). Each page authorizes for itself. */
export default async function AccountLayout({ children }: { children: ReactNode }) {
  const { path } = await requestStamp();
  const ctx = await visitorContext();
  const withPassword = ctx.actor !== undefined && (await hasOwnPassword(ctx));
  const withFactors = ctx.actor !== undefined && (await hasSecondFactors(ctx));
  const apiToken = hasPermission(ctx, "api_tokens:own") ? [API_TOKEN] : [];
  return (
    <>
      <PageHeader title="Settings" description="For your own account." />
      <TabRow
        label="Settings"
        tabs={[
          PROFILE,
          ...(withPassword ? [PASSWORD] : []),
          ...(withFactors ? [SECOND_FACTOR, PASSKEYS] : []),
          SESSIONS,
          FIRMS,
          ...apiToken,
        ]}
        currentPath={path.split("?")[0] ?? "/"}
      />
      {children}
    </>
  );
}

const PROFILE = { href: "/account/profile", label: "Profile" };

/** Not for who signs in by SSO: there is no such page, and no word of one (004-02). */
const PASSWORD = { href: "/account/password", label: "Password" };

/** Not for whom the firm takes the word of the identity provider (E2). */
const SECOND_FACTOR = { href: "/account/second-factor", label: "Second factor" };

const PASSKEYS = { href: "/account/passkeys", label: "Passkeys" };

const SESSIONS = { href: "/account/sessions", label: "Sessions" };

const FIRMS = { href: "/account/firms", label: "Firms" };

const API_TOKEN = { href: "/account/api-token", label: "API token" };
