import { firmSettings } from "#db/schema/firm-settings.ts";
import { query } from "#lib/core/query.ts";

/** Whom people of a firm turn to. Every part is a text that may be empty. */
export type Support = { name: string; email: string; phone: string };

/**
 * Whom to turn to when nothing here helps (000-04): the same one statement and the same answer for everybody, signed in
 * or not. Undefined where the firm names nobody.
 */
export const describeSupport = query({
  event: "support.described",
  permission: "anyone",
  async run({ db }): Promise<Support | undefined> {
    const [support] = await db
      .select({
        name: firmSettings.supportName,
        email: firmSettings.supportEmail,
        phone: firmSettings.supportPhone,
      })
      .from(firmSettings);
    return support && Object.values(support).some((part) => part !== "") ? support : undefined;
  },
});
