import { Facts } from "#components/members/facts.tsx";
import { Card } from "#components/ui/card.tsx";
import { Moment } from "#components/ui/moment.tsx";
import { explainSignIn, mayExplainSignIn } from "#lib/members/explain-sign-in.ts";
import { getMemberProfile, type MemberProfile } from "#lib/members/get-member-profile.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { Done } from "../../done.tsx";
import { MemberHeader } from "../member-header.tsx";
import { AccessSwitch } from "./access-switch.tsx";
import { Credentials } from "./credentials.tsx";
import { AnotherAddress, EditProfile } from "./edit-profile.tsx";
import { RecordEnd } from "./record-end.tsx";
import { SignInExplained } from "./sign-in-explained.tsx";

export const metadata = { title: "Profile" };

/**
 * The record of a person. The button for the credentials stands near its top for staff (000-08), near its bottom, in the
 * section of the login credentials, for contacts (000-10, 000-12).
 */
export default async function ProfilePage({ params, searchParams }: PageProps<"/members/[id]/profile">) {
  const ctx = await requireContext();
  const profile = await load(getMemberProfile(ctx, (await params).id));
  const { done, version } = await searchParams;
  const { id, kind, form, federated, inUse, mayOpenRequest } = profile;
  const explanation = mayExplainSignIn(ctx, kind) ? await explainSignIn(ctx, id) : undefined;
  const sections = [
    <Credentials key="credentials" profile={profile} explained={explanation !== undefined} />,
    (kind === "contact" || federated) && <AccessSwitch key="access" profile={profile} />,
    <Card key="person" title={kind === "staff" ? "Member" : "Contact"}>
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
        <Done done={done} />
        {explanation && !explanation.canSignIn && <SignInExplained explanation={explanation} />}
        {kind === "staff" ? sections : sections.reverse()}
        {explanation?.canSignIn && <SignInExplained explanation={explanation} />}
        {form && <EditProfile memberId={id} form={form} saved={String(version)} inUse={inUse} />}
        {inUse && mayOpenRequest && <AnotherAddress memberId={id} />}
        <RecordEnd profile={profile} />
      </div>
    </>
  );
}

function Person({ profile }: { profile: MemberProfile }) {
  const { name, address, group, kind, federated, clients, lastSignInAt } = profile;
  return (
    <Facts
      facts={[
        { label: "Name", value: name },
        { label: "E-mail", value: address ?? "No address" },
        ...(kind === "contact" ? [{ label: "Clients", value: <Clients clients={clients} /> }] : []),
        { label: "User Type", value: federated ? "SSO" : "Native" },
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
