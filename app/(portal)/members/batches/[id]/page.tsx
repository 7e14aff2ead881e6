import { PageHeader } from "#components/layout/page-header.tsx";
import { getBatch } from "#lib/members/credentials/get-batch.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { PartCard } from "./part-card.tsx";
import { Preview } from "./preview.tsx";
import { Progress } from "./progress.tsx";

export const metadata = { title: "Login credentials" };

/** Who will be mailed before anything is sent (D1), then how far it has got, and what came of each. */
export default async function BatchPage({ params, searchParams }: PageProps<"/members/batches/[id]">) {
  const ctx = await requireContext();
  const wish = await searchParams;
  const batch = await load(getBatch(ctx, { ...wish, id: (await params).id }));
  const isPreview = batch.status === "preview";
  const staff = batch.kind === "staff";
  return (
    <>
      <PageHeader
        title={staff ? "Send New User Email" : "Resend Login Credentials"}
        breadcrumbs={[
          staff ? { href: "/members", label: "Members" } : { href: "/contacts", label: "Contacts" },
        ]}
      />
      <div className="grid gap-6">
        {isPreview ? <Preview batch={batch} /> : <Progress batch={batch} />}
        <PartCard batch={batch} part="skipped" title={isPreview ? "Will be skipped" : "Not mailed"} />
        <PartCard batch={batch} part="chosen" title={isPreview ? "Will be mailed" : "Results"} />
      </div>
    </>
  );
}
