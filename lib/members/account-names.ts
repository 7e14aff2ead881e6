import { invalid } from "#lib/core/errors.ts";
import type { Member } from "./find-member.ts";
import { emailKey, usernameKey } from "./identifier.ts";

export type AccountNames = Pick<Member, "username" | "usernameKey" | "email" | "emailKey">;

/**
 * The names of an account as they are stored, with their keys. Without a username the address is one. Throws invalid
 * beside the field.
 */
export function accountNames({ username, email }: { username?: string; email: string }): AccountNames {
  const addressKey = email === "" ? null : emailKey(email);
  if (addressKey === undefined) {
    throw invalid({ email: [`${email.slice(0, 80)} is not an e-mail address that mail can be sent to.`] });
  }
  const key = usernameKey(username ?? email);
  if (!key || (key.includes("@") && key !== addressKey)) {
    throw invalid({
      username: ["A username is letters, digits and . _ - +, or the person's own e-mail address."],
    });
  }
  return {
    username: username ?? email,
    usernameKey: key,
    email: email === "" ? null : email,
    emailKey: addressKey,
  };
}
