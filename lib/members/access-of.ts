import { ssoRequiredFromOf } from "#lib/auth/sso/enforcement/enforced-member.ts";
import { type AccessFacts, type AccessState, accessState } from "#lib/policy/access-state.ts";
import { type Enrolment, enrolmentOf } from "#lib/policy/enrolment.ts";
import type { SecurityPolicy } from "#lib/settings/read-security-options.ts";
import type { Person } from "./read-people.ts";

/** Where somebody's access stands by the firm's policy. */
export function accessOf(person: Person, policy: SecurityPolicy, now: Date): AccessState {
  return accessState(accessFactsOf(person, policy), policy, now);
}

/** What is decided by when somebody signs in, and told when they cannot. */
export function accessFactsOf(person: Person, policy: SecurityPolicy): AccessFacts {
  const { status, frozenAt, mustChangePassword, credential, secondFactor } = person;
  return {
    ...person.circumstances,
    ...{ status, frozenAt, mustChangePassword, credential, secondFactor },
    frozen: frozenAt !== null,
    federated: person.connectionId !== null,
    hasAddress: person.email !== null,
    ssoRequiredFrom: ssoRequiredFromOf(person, policy),
  };
}

/** Where somebody stands with second factors. */
export function enrolmentIn(
  { secondFactor, connectionId, heldUntil }: Pick<Person, "secondFactor" | "connectionId" | "heldUntil">,
  { options }: Pick<SecurityPolicy, "options">,
  now: Date,
): Enrolment {
  return enrolmentOf({ ...secondFactor, federated: connectionId !== null, heldUntil }, options, now);
}
