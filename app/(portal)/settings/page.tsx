import {
  Fingerprint,
  FolderSync,
  KeyRound,
  ScrollText,
  ShieldCheck,
  SlidersHorizontal,
  UsersRound,
} from "lucide-react";
import type { ComponentProps } from "react";
import { PageHeader } from "#components/layout/page-header.tsx";
import { PlaceList } from "#components/layout/place-list.tsx";
import type { Permission } from "#lib/access/permissions.ts";
import { hasPermission } from "#lib/core/access.ts";
import { getFirmSettings } from "#lib/settings/get-firm-settings.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";

export const metadata = { title: "Settings" };

type Place = ComponentProps<typeof PlaceList>["places"][number];

export default async function SettingsPage() {
  const ctx = await requireContext();
  const places = PLACES.filter(({ needs }) => hasPermission(ctx, needs));
  // For whoever may open none of them: the refusal, and its trace.
  if (places.length === 0) await load(getFirmSettings(ctx));
  return (
    <>
      <PageHeader title="Settings" description={`How ${ctx.tenant.name} works.`} />
      <div className="max-w-2xl">
        <PlaceList label="Settings" places={places.map(({ needs: _, ...place }) => place)} />
      </div>
    </>
  );
}

const PLACES: (Place & { needs: Permission })[] = [
  {
    href: "/settings/general",
    name: "General",
    detail: "Name, support contact, time zone, and how long what is kept",
    icon: <SlidersHorizontal size={20} />,
    needs: "settings:manage",
  },
  {
    href: "/settings/security-options",
    name: "Security options",
    detail: "Password criteria, expiration, user lock and forgotten passwords",
    icon: <ShieldCheck size={20} />,
    needs: "settings:manage",
  },
  {
    href: "/settings/groups",
    name: "Security groups",
    detail: "What people may do, and which clients they see",
    icon: <UsersRound size={20} />,
    needs: "groups:manage",
  },
  {
    href: "/settings/sso",
    name: "Single sign-on",
    detail: "By which identity providers people sign in, and what they get by it",
    icon: <Fingerprint size={20} />,
    needs: "sso:manage",
  },
  {
    href: "/settings/scim",
    name: "Directory sync",
    detail: "By which Entra ID, Okta and their kind make and switch off accounts",
    icon: <FolderSync size={20} />,
    needs: "sso:manage",
  },
  {
    href: "/settings/api-tokens",
    name: "API tokens",
    detail: "By which programs work in the names of people",
    icon: <KeyRound size={20} />,
    needs: "api_tokens:manage",
  },
  {
    href: "/settings/audit-log",
    name: "Audit log",
    detail: "Who did what, when and from where",
    icon: <ScrollText size={20} />,
    needs: "audit:read",
  },
];
