import { ShieldCheck } from "lucide-react";
import { PageHeader } from "#components/layout/page-header.tsx";
import { PlaceList } from "#components/layout/place-list.tsx";
import { listSecurityOptionsVersions } from "#lib/settings/list-security-options-versions.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";

export const metadata = { title: "Settings" };

export default async function SettingsPage() {
  const ctx = await requireContext();
  await load(listSecurityOptionsVersions(ctx));
  return (
    <>
      <PageHeader title="Settings" description={`How ${ctx.tenant.name} works.`} />
      <div className="max-w-2xl">
        <PlaceList
          label="Access"
          places={[
            {
              href: "/settings/security-options",
              name: "Security options",
              detail: "Password criteria, expiration, user lock and forgotten passwords",
              icon: <ShieldCheck size={20} />,
            },
          ]}
        />
      </div>
    </>
  );
}
