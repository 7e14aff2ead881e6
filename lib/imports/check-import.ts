import { eq } from "drizzle-orm";
import { securityGroups } from "#db/schema/groups.ts";
import { imports } from "#db/schema/imports.ts";
import type { TenantDb } from "#db/tenant.ts";
import { hasPermission, requirePermission } from "#lib/core/access.ts";
import { command } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { DomainError, type FieldErrors, forbidden, invalid } from "#lib/core/errors.ts";
import { requireHeld } from "#lib/groups/held.ts";
import { type Import, lockOwnImport } from "./find-import.ts";
import { CheckImportInput, IMPORT_FIELDS } from "./input.ts";

/** Whoever imports a hash may know its password, and chooses it for somebody else (X1). */
export const SETS_PASSWORDS = "members:set_password" as const;

const NO_HASHES =
  "Hashes are imported by whoever may set a password for somebody else. Choose no column for the password hash.";

type Mapping = Record<string, string>;

/** Where every count of an import begins. */
export const NOTHING_YET = { handled: 0, added: 0, changed: 0, unchanged: 0, refused: 0 };

/**
 * Says what the columns of a file hold, and has it looked through: a trigger enqueues the work. It changes nobody (D6).
 * @throws DomainError not_found, forbidden, invalid, conflict
 */
export const checkImport = command({
  event: "import.checked",
  permission: "person",
  input: CheckImportInput,
  async run({ db, ctx }, { importId, ...mapping }) {
    const found = await lockOwnImport(db, ctx, importId);
    if (found.status !== "uploaded" && found.status !== "checked") {
      throw new DomainError(
        "conflict",
        "This import has been started or cancelled already. Reload the page.",
      );
    }
    if (found.lines === 0)
      throw new DomainError("conflict", "This file did not come in whole. Choose it again.");
    requireSense(found, mapping);
    if (mapping.createClients) requirePermission(ctx, "clients:manage");
    if (mapping.hash && !hasPermission(ctx, SETS_PASSWORDS)) {
      throw forbidden(`needs_${SETS_PASSWORDS}`, NO_HASHES);
    }
    await requireGroup(db, ctx, found, mapping);
    await db
      .update(imports)
      .set({ mapping, status: "checking", ...NOTHING_YET })
      .where(eq(imports.id, importId));
    return { id: importId };
  },
});

function requireSense({ columns }: Import, mapping: Mapping): void {
  const errors: FieldErrors = {};
  for (const field of IMPORT_FIELDS) {
    if (Number(mapping[field] ?? "") >= columns.length) errors[field] = ["Choose one of the columns."];
  }
  if (!mapping.email && !mapping.username) {
    errors.email = ["Choose the column with the e-mail addresses, or the one with the usernames."];
  }
  const project = ["signerKey", "rounds", "memoryCost"].filter((field) => mapping[field]);
  if (project.length > 0 && project.length < 3) {
    errors.signerKey = ["Of a Firebase project all of signer key, rounds and memory cost are needed."];
  }
  if (Object.keys(errors).length > 0) throw invalid(errors);
}

/** The group of staff whose line names none is chosen by whoever holds as much. */
async function requireGroup(db: TenantDb, ctx: Context, { kind }: Import, { securityGroupId }: Mapping) {
  if (kind !== "staff" || !securityGroupId) return;
  const [group] = await db.select().from(securityGroups).where(eq(securityGroups.id, securityGroupId));
  if (!group || group.preset === "contact") throw invalid({ securityGroupId: ["Choose a security group."] });
  requireHeld(ctx, group);
}
