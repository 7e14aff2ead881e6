import { recordEvent } from "#lib/audit/record-event.ts";
import { invalid } from "#lib/core/errors.ts";
import { insertMember } from "#lib/members/create-member.ts";
import { enqueueInvitation } from "#lib/members/invite.ts";
import { createTenant } from "./create-tenant.ts";
import { operatorContext } from "./operator-context.ts";

const NAME_LENGTH = 120;

/**
 * An operator's act: a firm, its first Administrator and the invitation to choose a password, all or nothing. Throws
 * invalid or conflict.
 */
export async function foundFirm({
  slug,
  name,
  adminEmail,
}: {
  slug: string;
  name: string;
  adminEmail: string;
}) {
  const firmName = name.trim();
  if (firmName === "" || firmName.length > NAME_LENGTH || /\p{Cc}/u.test(firmName)) {
    throw invalid({ name: [`A firm's name is 1 to ${NAME_LENGTH} characters on one line.`] });
  }
  return createTenant({ slug, name: firmName }, async (db, _now, tenantId) => {
    const ctx = operatorContext({ id: tenantId, slug, name: firmName });
    const administrator = await insertMember(db, {
      kind: "staff",
      name: adminEmail.split("@")[0] ?? adminEmail,
      email: adminEmail,
      group: "administrator",
    });
    await enqueueInvitation(db, administrator);
    await recordEvent(db, ctx, { event: "firm.created", targetId: tenantId });
    await recordEvent(db, ctx, { event: "member.invited", targetId: administrator.id });
    return administrator;
  });
}
