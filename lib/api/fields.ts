import * as z from "zod";
import { PERMISSIONS, type Permission } from "#lib/access/permissions.ts";

/** What the fields of several resources look like from outside. */

/** An id as PostgreSQL writes it. */
export const Id = z.uuid();

export const Moment = z.iso.datetime();

export const Version = z.int().min(0).meta({ description: "Counts up with each change; the ETag." });

export const Named = z.object({ id: Id, name: z.string() });

export const PermissionName = z.enum(Object.keys(PERMISSIONS) as [Permission, ...Permission[]]);

/** RFC 9457, with the fields that are wrong where some are. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    fieldErrors: z.record(z.string(), z.array(z.string())).optional(),
    stepUp: z.enum(["factor", "password", "enroll", "sign_in"]).optional(),
  })
  .meta({ id: "Problem", description: "What went wrong, after RFC 9457." });
