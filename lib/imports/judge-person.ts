import { hasPermission } from "#lib/core/access.ts";
import type { MemberContext } from "#lib/core/context.ts";
import type { FieldErrors } from "#lib/core/errors.ts";
import { type Group, notHeldOf } from "#lib/groups/held.ts";
import type { Member } from "#lib/members/find-member.ts";
import type { Import } from "./find-import.ts";
import type { FirmFacts } from "./firm-facts.ts";
import type { Person } from "./read-person.ts";

/** What comes of a line. Clients that do not exist yet go by their names. */
export type Verdict =
  | { outcome: "added"; person: Person; securityGroupId: string; clients: WantedClient[] }
  | { outcome: "changed"; member: Member; name: string | undefined; clients: WantedClient[] }
  | { outcome: "unchanged"; member: Member }
  | { outcome: "refused"; problems: FieldErrors };

export type WantedClient = { id: string } | { name: string };

type Scene = { found: Import; importer: MemberContext; facts: FirmFacts };

/**
 * What a line would do, by what its importer may do: add somebody, or change the name and add clients to somebody who is
 * there. Names, addresses, groups and passwords of accounts that exist are not for a file to change.
 */
export function judgePerson(scene: Scene, person: Person): Verdict {
  const { usernameKey, emailKey } = person.names;
  const { byEmail, byUsername } = scene.facts;
  const byAddress = emailKey === null ? undefined : byEmail.get(emailKey);
  const byName = byUsername.get(usernameKey);
  const member = byAddress ?? byName;
  if (!member) return judgeNew(scene, person);
  if (byName && byName.id !== member.id) return refuse("username", TAKEN);
  return judgeKnown(scene, person, member);
}

function judgeNew(scene: Scene, person: Person): Verdict {
  if (scene.facts.promised.has(person.names.emailKey ?? "")) return refuse("email", TAKEN);
  const group = groupOf(scene, person);
  const wanted = wantedClients(scene, person);
  const problems = {
    ...("problem" in group ? { group: [group.problem] } : {}),
    ...("problems" in wanted ? { clients: wanted.problems } : {}),
    ...belonging(scene.found, person),
  };
  if ("problem" in group || "problems" in wanted || Object.keys(problems).length > 0) {
    return { outcome: "refused", problems };
  }
  return { outcome: "added", person, securityGroupId: group.id, clients: wanted.clients };
}

/** A contact is somebody's; staff are the firm's. */
function belonging({ kind }: Import, { clients }: Person): FieldErrors {
  if (kind === "staff") return clients.length > 0 ? { clients: ["Only contacts belong to clients."] } : {};
  return clients.length > 0 ? {} : { clients: ["Name at least one client of this contact."] };
}

function judgeKnown(scene: Scene, person: Person, member: Member): Verdict {
  const problem = whyNotChanged(scene, person, member);
  if (problem) return refuse(...problem);
  const wanted = wantedClients(scene, person);
  if ("problems" in wanted) return { outcome: "refused", problems: { clients: wanted.problems } };
  const has = scene.facts.clientsOf.get(member.id) ?? new Set();
  const clients = wanted.clients.filter((client) => !("id" in client && has.has(client.id)));
  const name = person.name === member.name ? undefined : person.name;
  if (name === undefined && clients.length === 0) return { outcome: "unchanged", member };
  const lacking = whoMayChange(scene, member);
  return lacking ? refuse(...lacking) : { outcome: "changed", member, name, clients };
}

type Problem = [field: string, sentence: string];

/** Somebody whom the importer does not see is told of as any other name that is taken. */
function whyNotChanged({ found, facts }: Scene, person: Person, member: Member): Problem | undefined {
  const { usernameKey, emailKey } = person.names;
  const field = emailKey !== null && member.emailKey === emailKey ? "email" : "username";
  if (member.kind !== found.kind || member.deletedAt) return [field, TAKEN];
  if (member.kind === "contact" && !facts.inReach.has(member.id)) return [field, TAKEN];
  if (emailKey !== null && member.emailKey !== emailKey) {
    return [
      "email",
      "Somebody with this username has another e-mail address. Change it on the person's page.",
    ];
  }
  if (usernameKey !== emailKey && member.usernameKey !== usernameKey) {
    return [
      "username",
      "Somebody with this e-mail address has another username. Change it on the person's page.",
    ];
  }
  return otherGroup(found, facts.groups, person, member);
}

function otherGroup(
  { kind }: Import,
  groups: Group[],
  { group, clients }: Person,
  member: Member,
): Problem | undefined {
  if (kind === "contact") return undefined;
  if (clients.length > 0) return ["clients", "Only contacts belong to clients."];
  const now = groups.find(({ id }) => id === member.securityGroupId);
  if (group === "" || now?.name.toLowerCase() === group.toLowerCase()) return undefined;
  return ["group", "This account is in another security group. Change it on the page of the member."];
}

function whoMayChange({ importer, facts }: Scene, member: Member): Problem | undefined {
  if (member.kind === "contact") {
    return hasPermission(importer, "clients:manage")
      ? undefined
      : ["line", "This contact is here already, and you may not change contacts."];
  }
  const group = facts.groups.find(({ id }) => id === member.securityGroupId);
  return group && notHeldOf(importer, group) === undefined
    ? undefined
    : ["line", "This member can do more than you. Somebody who holds all of it must change the account."];
}

/** Nobody grants more than they hold (SEC60). */
function groupOf({ found, importer, facts }: Scene, person: Person): { id: string } | { problem: string } {
  const { groups } = facts;
  const wanted = found.mapping.securityGroupId;
  const isChosen = ({ id, name, preset }: Group) => {
    if (found.kind === "contact") return preset === "contact";
    if (preset === "contact") return false;
    return person.group === "" ? id === wanted : name.toLowerCase() === person.group.toLowerCase();
  };
  const group = groups.find(isChosen);
  if (!group) {
    return {
      problem:
        person.group === "" ? "The security group is missing." : "There is no security group of this name.",
    };
  }
  if (notHeldOf(importer, group) === undefined) return { id: group.id };
  return {
    problem: "This security group can do more than you can. Somebody who holds all of it must do this.",
  };
}

function wantedClients(
  { found, importer, facts }: Scene,
  person: Person,
): { clients: WantedClient[] } | { problems: string[] } {
  const mayCreate = found.mapping.createClients === "on" && hasPermission(importer, "clients:manage");
  const clients: WantedClient[] = [];
  const problems: string[] = [];
  for (const name of person.clients) {
    const known = facts.clients.get(name.toLowerCase());
    const isFree = mayCreate && !facts.takenNames.has(name.toLowerCase()) && name.length <= MAX_CLIENT_NAME;
    if (known) clients.push({ id: known.id });
    else if (isFree) clients.push({ name });
    else problems.push(`There is no client “${name.slice(0, 80)}” that you could use.`);
  }
  return problems.length > 0 ? { problems } : { clients };
}

const MAX_CLIENT_NAME = 120;

const TAKEN = "Another account of this firm has this username or e-mail.";

function refuse(field: string, sentence: string): Verdict {
  return { outcome: "refused", problems: { [field]: [sentence] } };
}
