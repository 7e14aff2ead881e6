import { Building2, LayoutGrid } from "lucide-react";
import { redirect } from "next/navigation";
import { PageHeader } from "#components/layout/page-header.tsx";
import { PlaceList } from "#components/layout/place-list.tsx";
import { PlaceSearch } from "#components/layout/place-search.tsx";
import { Pager } from "#components/members/pager.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import type { MemberContext } from "#lib/core/context.ts";
import { sayMoment } from "#lib/core/say-moment.ts";
import { listPlaces, type Place } from "#lib/firms/list-places.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { localPath } from "#lib/web/local-path.ts";
import { NEEDS } from "./needs.ts";

export const metadata = { title: "Start" };

/** Where this person may go: the firm as its staff, the clients as their contact, other firms as they have them (002-03). */
export default async function LandingPage({ searchParams }: PageProps<"/">) {
  const ctx = await requireContext();
  const { entered, q, page } = await searchParams;
  const typed = typeof q === "string" ? q.slice(0, 254) : "";
  const shown = await load(listPlaces(ctx, { q: typed, page: pageNumber(page) }));
  if (entered !== undefined && shown.only) redirect(localPath(shown.only));

  const here = shown.places.filter(({ kind }) => kind !== "linked_firm");
  const elsewhere = shown.places.filter(({ kind }) => kind === "linked_firm");
  const description = shown.total > 0 ? "Choose where you want to go." : undefined;
  return (
    <>
      <PageHeader title={`Welcome, ${ctx.actor.name}`} description={description} />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-8">
        {shown.searchable && <PlaceSearch action="/" typed={typed} />}
        {here.length > 0 && (
          <PlaceList label={`At ${ctx.tenant.name}`} places={here.map((place) => shownAs(place, ctx))} />
        )}
        {elsewhere.length > 0 && (
          <PlaceList label="Your other firms" places={elsewhere.map((place) => shownAs(place, ctx))} />
        )}
        {shown.places.length === 0 && <Nothing sought={typed !== ""} />}
        <Pager
          path="/"
          wish={typed === "" ? {} : { q: typed }}
          place="page"
          next={shown.next}
          begun={shown.page > 1}
        />
      </div>
    </>
  );
}

function Nothing({ sought }: { sought: boolean }) {
  if (sought) return <EmptyState title="No place has this name">Look for a part of it.</EmptyState>;
  return (
    <EmptyState title="There is nothing for you to enter yet">
      Your firm has not given this account a workspace. Ask its administrator for one.
    </EmptyState>
  );
}

function shownAs({ href, name, kind, as, need, lastSignInAt }: Place, { tenant, actor }: MemberContext) {
  if (kind === "client") return { href, name, detail: `Client of ${tenant.name}`, icon: <LayoutGrid /> };
  if (kind === "own_firm") return { href, name, detail: `Firm · ${actor.groupName}`, icon: <Building2 /> };
  const last = lastSignInAt ? `last used ${inWords(lastSignInAt, actor.timeZone)}` : "not used yet";
  const detail = `${as === "staff" ? "Firm" : "As a client’s contact"} · ${last}`;
  return { href, name, detail, icon: <Building2 />, need: need && NEEDS[need] };
}

function inWords(at: Date, timeZone = "UTC"): string {
  return sayMoment(at, { dateStyle: "medium", timeZone });
}

function pageNumber(typed: string | string[] | undefined): number {
  const number = Number(typed);
  return Number.isInteger(number) && number > 0 && number < 1000 ? number : 1;
}
