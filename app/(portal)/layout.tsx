import {
  Building2,
  ClipboardList,
  ContactRound,
  Fingerprint,
  FolderSync,
  House,
  KeyRound,
  LayoutGrid,
  LifeBuoy,
  ScrollText,
  ShieldCheck,
  SlidersHorizontal,
  Users,
  UsersRound,
} from "lucide-react";
import type { ReactNode } from "react";
import { ExpiryBell } from "#components/account/expiry-bell.tsx";
import { expirySentence } from "#components/account/expiry-sentence.ts";
import { FactorHold } from "#components/account/factor-hold.tsx";
import { PasskeyOffer } from "#components/account/passkey-offer.tsx";
import type { NavigationItem, NavigationSection } from "#components/layout/navigation.tsx";
import { Shell } from "#components/layout/shell.tsx";
import { ThemeChoice } from "#components/layout/theme-choice.tsx";
import { SessionWatch } from "#components/sessions/session-watch.tsx";
import { Button } from "#components/ui/button.tsx";
import type { Permission } from "#lib/access/permissions.ts";
import { describeNotices } from "#lib/auth/session/describe-notices.ts";
import { describeSession } from "#lib/auth/session/describe-session.ts";
import { hasPermission } from "#lib/core/access.ts";
import type { Context, MemberContext } from "#lib/core/context.ts";
import { isId } from "#lib/core/ids.ts";
import { getMemberKind } from "#lib/members/get-member-kind.ts";
import { visitorContext } from "#lib/web/context.ts";
import { requestStamp } from "#lib/web/request.ts";
import { readTheme } from "#lib/web/theme.ts";
import { chooseThemeAction, declinePasskeyAction, stopFactorResetAction } from "./actions.ts";

/** Draws the frame for whoever is signed in. It does not authorize: each page does so for itself. */
export default async function PortalLayout({ children }: { children: ReactNode }) {
  const ctx = await visitorContext();
  if (!ctx.actor) return children;
  const path = (await requestStamp()).path.split("?")[0] ?? "/";
  const { session } = describeSession(ctx);
  const { expiry, ...notices } = await describeNotices(ctx);
  return (
    <Shell
      firmName={ctx.tenant.name}
      navigation={navigationFor({ ...ctx, actor: ctx.actor })}
      path={path}
      place={await placeOf(ctx, path)}
      watch={session && <SessionWatch ends={endsOf(session)} />}
      banner={bannerFor({ ...ctx, actor: ctx.actor }, path, notices)}
      bell={expiry && <ExpiryBell {...expirySentence(expiry)} />}
      account={{
        personName: ctx.actor.name,
        detail: ctx.actor.kind === "staff" ? ctx.actor.groupName : ctx.actor.email,
        firmName: ctx.tenant.name,
        links: [{ href: "/account", label: "Settings" }],
        theme: <ThemeChoice action={chooseThemeAction} current={await readTheme()} />,
        signOut: <SignOut />,
      }}
    >
      {children}
    </Shell>
  );
}

type Notices = Omit<Awaited<ReturnType<typeof describeNotices>>, "expiry">;

/** What concerns its reader on whatever page, the alarming before the inviting. */
function bannerFor(
  { actor }: MemberContext,
  path: string,
  { heldUntil, passkeyOffered }: Notices,
): ReactNode {
  if (heldUntil)
    return <FactorHold until={heldUntil} timeZone={actor.timeZone} stop={stopFactorResetAction} />;
  if (path === "/account/passkeys" || !passkeyOffered) return null;
  return <PasskeyOffer decline={declinePasskeyAction} />;
}

/** What the watch in the browser goes by. */
function endsOf({ asOf, endsAt, expiresAt }: { asOf: Date; endsAt: Date; expiresAt: Date }) {
  return {
    asOf: asOf.toISOString(),
    endsAt: endsAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  };
}

/** Where a page stands in the navigation: the record of a contact among the contacts (DEC11). */
async function placeOf(ctx: Context, path: string): Promise<string> {
  const [, list, id = ""] = path.split("/");
  if (list !== "members" || !isId(id) || (await getMemberKind(ctx, id)) !== "contact") return path;
  return path.replace("/members/", "/contacts/");
}

type Entry = NavigationItem & { needs: Permission };

const FIRM: Entry[] = [
  { href: "/workspaces", label: "All workspaces", icon: <LayoutGrid />, needs: "clients:read" },
  { href: "/clients", label: "Client Settings", icon: <Building2 />, needs: "clients:read" },
  { href: "/contacts", label: "Contacts", icon: <ContactRound />, needs: "clients:read" },
  { href: "/members", label: "Members", icon: <Users />, needs: "members:read" },
  { href: "/members/requests", label: "Requests", icon: <LifeBuoy />, needs: "recovery:manage" },
  { href: "/reports/access", label: "Access report", icon: <ClipboardList />, needs: "reports:read" },
];

const SETTINGS: Entry[] = [
  { href: "/settings/general", label: "General", icon: <SlidersHorizontal />, needs: "settings:manage" },
  {
    href: "/settings/security-options",
    label: "Security options",
    icon: <ShieldCheck />,
    needs: "settings:manage",
  },
  { href: "/settings/groups", label: "Security groups", icon: <UsersRound />, needs: "groups:manage" },
  { href: "/settings/sso", label: "Single sign-on", icon: <Fingerprint />, needs: "sso:manage" },
  { href: "/settings/scim", label: "Directory sync", icon: <FolderSync />, needs: "sso:manage" },
  { href: "/settings/api-tokens", label: "API tokens", icon: <KeyRound />, needs: "api_tokens:manage" },
  { href: "/settings/audit-log", label: "Audit log", icon: <ScrollText />, needs: "audit:read" },
];

/** Only what this person may open. */
function navigationFor(ctx: MemberContext): NavigationSection[] {
  const allowed = (entries: Entry[]) => entries.filter(({ needs }) => hasPermission(ctx, needs));
  return [
    { items: [{ href: "/", label: "Start", icon: <House /> }] },
    { label: ctx.tenant.name, items: allowed(FIRM) },
    { label: "Settings", items: allowed(SETTINGS) },
  ].filter(({ items }) => items.length > 0);
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
