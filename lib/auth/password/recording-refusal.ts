import { recordRefusal } from "#lib/audit/record-refusal.ts";
import type { Context } from "#lib/core/context.ts";
import { DomainError } from "#lib/core/errors.ts";

/**
 * Leaves a trace of new passwords that were not accepted: whoever tries which ones somebody has had is to be seen. What
 * was typed is nobody's to know.
 */
export async function recordingRefusal<T>(ctx: Context, event: string, accept: () => Promise<T>): Promise<T> {
  try {
    return await accept();
  } catch (error) {
    if (error instanceof DomainError && error.code === "invalid") {
      await recordRefusal(ctx, event, "password_not_accepted");
    }
    throw error;
  }
}
