import { Building2, House, LayoutGrid, Users } from "lucide-react";
import type { ReactNode } from "react";
import type { NavigationSection } from "#components/layout/navigation.tsx";
import { Shell } from "#components/layout/shell.tsx";
import { ThemeChoice } from "#components/layout/theme-choice.tsx";
import { Button } from "#components/ui/button.tsx";
import { hasPermission } from "#lib/core/access.ts";
import type { MemberContext } from "#lib/core/context.ts";
import { visitorContext } from "#lib/web/context.ts";
import { requestStamp } from "#lib/web/request.ts";
import { readTheme } from "#lib/web/theme.ts";
import { chooseThemeAction } from "./actions.ts";

/** Draws the frame for whoever is signed in. It does not authorize: each page does so for itself. */
export default async function PortalLayout({ children }: { children: ReactNode }) {
  const ctx = await visitorContext();
  if (!ctx.actor) return children;
  const { path } = await requestStamp();
  return (
    <Shell
      firmName={ctx.tenant.name}
      navigation={navigationFor({ ...ctx, actor: ctx.actor })}
      currentPath={path.split("?")[0] ?? "/"}
      account={{
        personName: ctx.actor.name,
        detail: ctx.actor.kind === "staff" ? ctx.actor.groupName : ctx.actor.email,
        firmName: ctx.tenant.name,
        theme: <ThemeChoice action={chooseThemeAction} current={await readTheme()} />,
        signOut: <SignOut />,
      }}
    >
      {children}
    </Shell>
  );
}

function navigationFor(ctx: MemberContext): NavigationSection[] {
  const firm = [
    {
      href: "/workspaces",
      label: "All workspaces",
      icon: <LayoutGrid />,
      shown: hasPermission(ctx, "clients:read"),
    },
    {
      href: "/clients",
      label: "Client Settings",
      icon: <Building2 />,
      shown: hasPermission(ctx, "clients:read"),
    },
    { href: "/members", label: "Members", icon: <Users />, shown: hasPermission(ctx, "members:read") },
  ].filter(({ shown }) => shown);
  const home = { items: [{ href: "/", label: "Start", icon: <House /> }] };
  return firm.length > 0 ? [home, { label: ctx.tenant.name, items: firm }] : [home];
}

function SignOut() {
  return (
    <form method="post" action="/sign-out">
      <Button type="submit" wide>
        Sign out
      </Button>
    </form>
  );
}
