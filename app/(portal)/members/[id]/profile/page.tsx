import { Facts } from "#components/members/facts.tsx";
import { Card } from "#components/ui/card.tsx";
import { Moment } from "#components/ui/moment.tsx";
import type { Context } from "#lib/core/context.ts";
import { explainSignIn, mayExplainSignIn, type SignInExplanation } from "#lib/members/explain-sign-in.ts";
import { getMemberProfile, type MemberProfile } from "#lib/members/get-member-profile.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { Done } from "../../done.tsx";
import { hasSecurityTab, MemberHeader } from "../member-header.tsx";
import { AccessSwitch } from "./access-switch.tsx";
import { Credentials } from "./credentials.tsx";
import { AnotherAddress, EditProfile } from "./edit-profile.tsx";
import { RecordEnd } from "./record-end.tsx";
import { SignInExplained } from "./sign-in-explained.tsx";
import { SingleSignOn } from "./single-sign-on.tsx";

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
  const explanation = await explanationFor(ctx, profile);
  const isUrgent = isKeptOut(profile, explanation);
  const explained = explanation && <SignInExplained key="explained" explanation={explanation} />;
  const records = [
    <Credentials key="credentials" profile={profile} explained={explanation !== undefined} />,
    (kind === "contact" || federated) && <AccessSwitch key="access" profile={profile} />,
    <Card key="person" title={kind === "staff" ? "Member" : "Contact"}>
      <Person profile={profile} mayRegroup={kind === "staff" && hasSecurityTab(ctx, profile)} />
    </Card>,
  ];
  const sections = kind === "staff" ? records : records.reverse();
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
        {isUrgent ? [explained, ...sections] : [...sections, explained]}
        <SingleSignOn profile={profile} />
        {form && <EditProfile memberId={id} form={form} saved={String(version)} inUse={inUse} />}
        {inUse && mayOpenRequest && <AnotherAddress memberId={id} />}
        <RecordEnd profile={profile} />
      </div>
    </>
  );
}

async function explanationFor(ctx: Context, { id, kind }: MemberProfile) {
  return mayExplainSignIn(ctx, kind) ? explainSignIn(ctx, id) : undefined;
}

/** Whether somebody cannot come in who is expected to: an invitation that is on its way keeps nobody out. */
function isKeptOut({ access }: MemberProfile, explanation: SignInExplanation | undefined): boolean {
  const isYetToCome = access?.state === "invited" || access?.state === "never_invited";
  return explanation !== undefined && !explanation.canSignIn && !isYetToCome;
}

function Person({ profile, mayRegroup }: { profile: MemberProfile; mayRegroup: boolean }) {
  const { id, name, address, group, kind, federated, connectionName, clients, lastSignInAt, enrolment } =
    profile;
  return (
    <Facts
      facts={[
        { label: "Name", value: name },
        { label: "E-mail", value: address ?? "No address" },
        ...(kind === "contact" ? [{ label: "Clients", value: <Clients clients={clients} /> }] : []),
        { label: "User Type", value: federated ? `SSO, by ${connectionName}` : "Native" },
        { label: "Security Group", value: <Group name={group} memberId={mayRegroup ? id : undefined} /> },
        { label: "Second factor", value: enrolment.sentence },
        { label: "Last login", value: lastSignInAt ? <Moment at={lastSignInAt} /> : "Never" },
      ]}
    />
  );
}

function Group({ name, memberId }: { name: string; memberId: string | undefined }) {
  if (memberId === undefined) return name;
  return (
    <>
      {name}{" "}
      <a href={`/members/${memberId}/password-and-security`} aria-label="Change the security group">
        Change
      </a>
    </>
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
