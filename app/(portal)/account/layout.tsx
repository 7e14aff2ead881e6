import type { ReactNode } from "react";
import { PageHeader } from "#components/layout/page-header.tsx";
import { TabRow } from "#components/layout/tab-row.tsx";
import { requestStamp } from "#lib/web/request.ts";

/** What somebody sets for the own account, page by page (000-05). Each page authorizes for itself. */
export default async function AccountLayout({ children }: { children: ReactNode }) {
  const { path } = await requestStamp();
  return (
    <>
      <PageHeader title="Settings" description="For your own account." />
      <TabRow label="Settings" tabs={TABS} currentPath={path.split("?")[0] ?? "/"} />
      {children}
    </>
  );
}

const TABS = [{ href: "/account/password", label: "Password" }, { href: "/account/firms", label: "Firms" }];
