import { accountNames } from "../account-names.ts";
import type { Member } from "../find-member.ts";

/** A username for somebody who keeps the address. Throws invalid beside the field. */
export function ownUsername(typed: string, { email }: Member): Pick<Member, "username" | "usernameKey"> {
  const { username, usernameKey } = accountNames({ username: typed, email: email ?? "" });
  return { username, usernameKey };
}
