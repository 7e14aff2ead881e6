import { firmSettings } from "#db/schema/firm-settings.ts";
import { after, DAY } from "#lib/core/clock.ts";
import { env } from "#lib/core/env.ts";
import { query } from "#lib/core/query.ts";
import { firmOrigin } from "#lib/tenancy/origin.ts";

/** RFC 9116 wants less than a year. It is worked out at each request, so it never runs out. */
const GOOD_FOR = 180 * DAY;

/** Where somebody who has found a hole writes to (RFC 9116, UX29): the firm's own contact, else whoever runs the portal. */
export const describeSecurityContact = query({
  event: "security_contact.described",
  permission: "anyone",
  async run({ db, ctx }) {
    const [settings] = await db.select({ email: firmSettings.supportEmail }).from(firmSettings);
    return {
      email: settings?.email || addressIn(env().MAIL_FROM),
      expiresAt: after(ctx.now, GOOD_FOR),
      canonical: `${firmOrigin(ctx.tenant.slug)}/.well-known/security.txt`,
    };
  },
});

/** The address alone, without the name before it. */
function addressIn(sender: string): string {
  return /<([^>]+)>/.exec(sender)?.[1] ?? sender;
}
