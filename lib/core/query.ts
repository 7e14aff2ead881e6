import { type TenantDb, withTenant } from "#db/tenant.ts";
import { type Requirement, requirePermission } from "./access.ts";
import { type RunContext, recordIfRefusal } from "./command.ts";
import type { Context } from "./context.ts";
import { asOverloadWhenDatabaseIsAway } from "./errors.ts";

type Query<Input, Output> = {
  /** What is read, as the audit log names a refusal of it. */
  event: string;
  permission: Requirement;
  run: (scope: { db: TenantDb; ctx: RunContext }, input: Input) => Promise<Output>;
};

/** Declares a use case that only reads: a permission, then a tenant transaction. A refusal is recorded. */
export function query<Output, Input = void>(spec: Query<Input, Output>) {
  return async (ctx: Context, input: Input): Promise<Output> => {
    try {
      requirePermission(ctx, spec.permission);
      return await withTenant(ctx.tenant.id, (db, now) => spec.run({ db, ctx: { ...ctx, now } }, input));
    } catch (error) {
      await recordIfRefusal(ctx, spec, error);
      throw asOverloadWhenDatabaseIsAway(error);
    }
  };
}
