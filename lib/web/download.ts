import "server-only";
import { DomainError } from "#lib/core/errors.ts";
import { requireContext } from "./context.ts";

type File = { name: string; type: string };

/**
 * A file that somebody takes away. The use case decides who may, and records whoever may not: who is signed out is then
 * led to sign in, everybody else reads why.
 */
export async function download({ name, type }: File, content: () => Promise<string>): Promise<Response> {
  try {
    const headers = {
      "content-type": `${type}; charset=utf-8`,
      "content-disposition": `attachment; filename="${name}"`,
      "cache-control": "no-store",
    };
    return new Response(await content(), { headers });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (error.code === "unauthenticated") await requireContext();
    const headers = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" };
    return new Response(error.message, { status: error.status, headers });
  }
}
