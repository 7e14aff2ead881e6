import * as z from "zod";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";

const NAME_WANTED = "Enter a name.";
const NO_GROUP = "This security group does not exist.";

export const CLIENT_SCOPES = ["all", "assigned"] as const;

/** What a firm says of one of its own groups. */
const fields = {
  name: z.string(NAME_WANTED).trim().min(1, NAME_WANTED).max(80, "Use at most 80 characters."),
  description: z.string().trim().max(500, "Use at most 500 characters.").default(""),
  permissions: z
    .array(
      z.enum(Object.keys(PERMISSIONS) as [Permission, ...Permission[]]),
      "Choose permissions of the list.",
    )
    .default([])
    .transform((chosen) => [...new Set(chosen)].sort()),
  clientScope: z.enum(CLIENT_SCOPES, "Choose which clients its members see.").default("all"),
  /** From when its members need a second factor: "" for at once, null where the firm's own rule is enough. */
  secondFactorFrom: z
    .union(
      [
        z.null(),
        z.literal(""),
        z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString()),
      ],
      "Choose the day from which it is required.",
    )
    .optional(),
};

export const CreateGroupInput = z.object(fields);

/** The version that the caller saw: a newer one, saved meanwhile, is not written over. */
const Version = z.coerce.number().int().optional();

export const ChangeGroupInput = z.object({ ...fields, groupId: z.uuid(NO_GROUP), version: Version });

export const DeleteGroupInput = z.object({ groupId: z.uuid(NO_GROUP), version: Version });
