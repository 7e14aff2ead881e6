import type * as z from "zod";
import { type TenantDb, withTenant } from "#db/tenant.ts";
import { requireFreshProof } from "#lib/access/require-fresh-proof.ts";
import type { SensitiveAction } from "#lib/access/sensitive-actions.ts";
import { type AuditEvent, type EventRows, eventRows, recordEvents } from "#lib/audit/record-event.ts";
import { recordRefusal } from "#lib/audit/record-refusal.ts";
import { type Requirement, requirePermission } from "./access.ts";
import type { Context } from "./context.ts";
import { asOverloadWhenDatabaseIsAway, DomainError } from "./errors.ts";
import { parse } from "./parse.ts";

/** The caller with the moment of the transaction, by the database's clock (S8). */
export type RunContext<Caller extends Context = Context> = Caller & { now: Date };

type Scope = { db: TenantDb; ctx: RunContext; endWith: EndWith };

/**
 * Ends `run` by a statement that writes the audit events with the rest, where one more would be too many (PERF11). It gets
 * the rows of each outcome that there may be, and says which one it was and how many rows it recorded.
 */
export type EndWith = <Output>(
  outcomes: readonly [Output, ...Output[]],
  write: (events: EventRows[]) => Promise<Ended>,
) => Promise<Output>;

export type Ended = { outcome: number; recorded: number };

type Command<Input extends z.ZodType, Prepared, Output> = {
  event: string;
  permission: Requirement;
  /** What it is that a stolen session must not be enough for (F5), where it is that always, or by what was typed and by whom. */
  stepUp?: SensitiveAction | ((input: z.output<Input>, ctx: Context) => SensitiveAction | undefined);
  input: Input;
  /** Work that must not hold a connection, such as hashing. Runs before the transaction, undone by nothing. */
  prepare?: (ctx: Context, input: z.output<Input>) => Promise<Prepared>;
  run: (scope: Scope & { prepared: Prepared }, input: z.output<Input>) => Promise<Output>;
};

type Audit<Input extends z.ZodType, Output> = (output: Output, input: z.output<Input>) => AuditEvent[];

type UseCase<Output> = (ctx: Context, input: unknown) => Promise<Output>;

/**
 * Declares a use case that changes data. Permission, input, tenant transaction and audit event belong together,
 * so none of them can be forgotten. What `run` throws undoes all of it; a refusal is then recorded by itself.
 */
export function command<Input extends z.ZodType, Output, Prepared = undefined>(
  spec: Command<Input, Prepared, Output> & { audit: Audit<Input, Output> },
): UseCase<Output>;
/** Without `audit`, the event is the command's own and its target the id that `run` gives. */
export function command<Input extends z.ZodType, Output extends { id: string }, Prepared = undefined>(
  spec: Command<Input, Prepared, Output>,
): UseCase<Output>;
export function command<Input extends z.ZodType, Output, Prepared>(
  spec: Command<Input, Prepared, Output> & { audit?: Audit<Input, Output> },
): UseCase<Output> {
  return async (ctx, rawInput) => {
    try {
      requirePermission(ctx, spec.permission);
      const input = parse(spec.input, rawInput);
      const sensitive = typeof spec.stepUp === "function" ? spec.stepUp(input, ctx) : spec.stepUp;
      if (sensitive) await requireFreshProof(ctx, sensitive);
      const prepared = (await spec.prepare?.(ctx, input)) as Prepared;

      const author = authorOf(ctx, spec.permission);
      const eventsOf = (output: Output) =>
        spec.audit?.(output, input) ?? [{ event: spec.event, targetId: idOf(output) }];
      return await withTenant(ctx.tenant.id, async (db, now) => {
        const { endWith, isRecorded } = ending((output) => eventRows(author, eventsOf(output as Output)));
        const output = await spec.run({ db, ctx: { ...ctx, now }, prepared, endWith }, input);
        if (!isRecorded(output)) await recordEvents(db, author, eventsOf(output));
        return output;
      });
    } catch (error) {
      await recordIfRefusal(ctx, spec, error);
      throw asOverloadWhenDatabaseIsAway(error);
    }
  };
}

/** The events are written once: by the statement that `run` ends with, or after it. What ends without them is undone. */
function ending(rowsOf: (output: unknown) => EventRows) {
  const recorded: unknown[] = [];
  const endWith: EndWith = async (outcomes, write) => {
    const rows = outcomes.map(rowsOf);
    const ended = await write(rows);
    const output = outcomes[ended.outcome];
    if (output === undefined || rows[ended.outcome]?.length !== ended.recorded)
      throw new Error("A use case ended without its audit events.");
    recorded.push(output);
    return output;
  };
  return { endWith, isRecorded: (output: unknown) => recorded.includes(output) };
}

/** Who the event is put down to: in what anybody may do, or what a proven identity owes, nobody else's session counts. */
export function authorOf(ctx: Context, requirement: Requirement): Context {
  if (requirement === "anyone") return { ...ctx, actor: undefined, pending: undefined };
  if (requirement === "pending") return { ...ctx, actor: undefined };
  return { ...ctx, pending: undefined };
}

/** Whoever was not let do something is in the audit log, whatever it was. */
export async function recordIfRefusal(
  ctx: Context,
  { event, permission }: { event: string; permission: Requirement },
  error: unknown,
): Promise<void> {
  if (isRefusal(error)) await recordRefusal(authorOf(ctx, permission), event, error.reason ?? error.code);
}

function idOf(output: unknown): string {
  return (output as { id: string }).id;
}

function isRefusal(error: unknown): error is DomainError {
  return (
    error instanceof DomainError && ["unauthenticated", "forbidden", "rate_limited"].includes(error.code)
  );
}
