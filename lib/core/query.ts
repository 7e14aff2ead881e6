import { type TenantDb, withTenant } from "#db/tenant.ts";
import { type Requirement, requirePermission } from "./access.ts";
import type { RunContext } from "./command.ts";
import type { Context } from "./context.ts";
import { asOverloadWhenDatabaseIsAway } from "./errors.ts";

type Query<Input, Output> = {
  permission: Requirement;
  run: (scope: { db: TenantDb; ctx: RunContext }, input: Input) => Promise<Output>;
};

/** Declares a use case that only reads: a permission, then a tenant transaction. */
export function query<Output, Input = void>(spec: Query<Input, Output>) {
  return async (ctx: Context, input: Input): Promise<Output> => {
    requirePermission(ctx, spec.permission);
    try {
      return await withTenant(ctx.tenant.id, (db, now) => spec.run({ db, ctx: { ...ctx, now } }, input));
    } catch (error) {
      throw asOverloadWhenDatabaseIsAway(error);
    }
  };
}
