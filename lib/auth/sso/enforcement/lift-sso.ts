import * as z from "zod";
import { ssoEnforcements } from "#db/schema/connections.ts";
import { tellAdministrators } from "#lib/auth/sso/tell-administrators.ts";
import { requirePerson } from "#lib/core/access.ts";
import { command } from "#lib/core/command.ts";
import { DomainError } from "#lib/core/errors.ts";

/**
 * Lets everybody in again in their own way, at once; administrators are told. Sessions that were to end at the announced
 * moment still do.
 * @throws DomainError forbidden, conflict where nothing is enforced
 */
export const liftSso = command({
  event: "sso.lifted",
  permission: "sso:manage",
  stepUp: "sso:change",
  input: z.object({}),
  async run({ db, ctx }) {
    requirePerson(ctx);
    const [lifted] = await db.delete(ssoEnforcements).returning();
    if (!lifted) throw new DomainError("conflict", "SSO is not required here (any more).");
    const name = ctx.actor?.name ?? "The operator of the portal";
    await tellAdministrators(db, { template: "sso-lifted", props: { name, at: ctx.now.toISOString() } });
    return { scope: lifted.scope, enforcedFrom: lifted.enforcedFrom };
  },
  audit: ({ scope, enforcedFrom }) => [
    { event: "sso.lifted", targetId: undefined, detail: { scope, from: enforcedFrom.toISOString() } },
  ],
});
