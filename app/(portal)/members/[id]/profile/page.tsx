import { Facts } from "#components/members/facts.tsx";
import { Card } from "#components/ui/card.tsx";
import { Moment } from "#components/ui/moment.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { getMemberProfile, type MemberProfile } from "#lib/members/get-member-profile.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { MemberHeader } from "../member-header.tsx";
import { Credentials } from "./credentials.tsx";

export const metadata = { title: "Profile" };

/**
 * The record of a person. The button for the credentials stands near its top for staff (000-08), near its bottom, in the
 * section of the login credentials, for contacts (000-10, 000-12).
 */
export default async function ProfilePage({ params, searchParams }: PageProps<"/members/[id]/profile">) {
  const ctx = await requireContext();
  const profile = await load(getMemberProfile(ctx, (await params).id));
  const { done } = await searchParams;
  const sections = [
    <Credentials key="credentials" ctx={ctx} profile={profile} />,
    <Card key="person" title={profile.kind === "staff" ? "Member" : "Contact"}>
      <Person profile={profile} />
    </Card>,
  ];
  return (
    <>
      <MemberHeader
        ctx={ctx}
        member={profile}
        description={profile.address ?? profile.username}
        tab="profile"
      />
      <div className="grid gap-6">
        {typeof done === "string" && DONE[done] && (
          <Notice tone="success" role="status">
            {DONE[done]}
          </Notice>
        )}
        {profile.kind === "staff" ? sections : sections.reverse()}
      </div>
    </>
  );
}

const DONE: Record<string, string> = {
  unlocked: "The account is unlocked.",
  opened: "The account is open again. A mail with a way in is on its way to its owner.",
  "opened-without-mail": "The account is open again. No mail could be sent to its owner.",
};

function Person({ profile }: { profile: MemberProfile }) {
  const { name, address, group, kind, clients, lastSignInAt } = profile;
  return (
    <Facts
      facts={[
        { label: "Name", value: name },
        { label: "E-mail", value: address ?? "No address" },
        ...(kind === "contact" ? [{ label: "Clients", value: <Clients clients={clients} /> }] : []),
        { label: "Security Group", value: group },
        { label: "Last login", value: lastSignInAt ? <Moment at={lastSignInAt} /> : "Never" },
      ]}
    />
  );
}

function Clients({ clients }: Pick<MemberProfile, "clients">) {
  if (clients.length === 0) return "None";
  return (
    <ul>
      {clients.map(({ id, name }) => (
        <li key={id}>
          <a href={`/clients/${id}/contacts`}>{name}</a>
        </li>
      ))}
    </ul>
  );
}
