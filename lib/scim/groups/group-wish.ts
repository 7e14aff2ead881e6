import { identifierKey } from "#lib/members/identifier.ts";
import { type Json, readResource } from "../read-resource.ts";
import { GROUP_KIND } from "../schema.ts";
import { refusal } from "../scim-error.ts";
import { readExternalId } from "../users/user-wish.ts";

/** A group as a directory wants it to be, with the ids of the users that are to be in it. */
export type GroupWish = {
  displayName: string;
  displayNameKey: string;
  externalId: string | null;
  members: string[];
};

export function readGroup(sent: unknown): GroupWish {
  return groupWishOf(readResource(GROUP_KIND, sent));
}

/** The same of a resource that has been read. Throws what is wrong with it. */
export function groupWishOf({ displayName, externalId, members }: Json): GroupWish {
  if (typeof displayName !== "string") throw refusal("invalidValue", "displayName is wanted.");
  const key = identifierKey(displayName);
  if (!key) {
    throw refusal(
      "invalidValue",
      "A displayName has at most 254 characters, and none that only look like others.",
    );
  }
  const ids = (Array.isArray(members) ? members : []).map(idOf);
  return {
    displayName,
    displayNameKey: key,
    externalId: readExternalId(externalId),
    members: [...new Set(ids)],
  };
}

function idOf({ value, type }: { value?: unknown; type?: unknown }): string {
  if (typeof value !== "string" || (typeof type === "string" && type.toLowerCase() !== "user")) {
    throw refusal("invalidValue", "Members of a group are users, by their id in value.");
  }
  return value;
}
