import "server-only";
import { DomainError } from "#lib/core/errors.ts";
import { requireContext } from "./context.ts";
import { requestStamp } from "./request.ts";

type File = { name: string; type: string };

/**
 * A file that somebody takes away. The use case decides who may, and records whoever may not: who is signed out is then
 * led to sign in, everybody else reads why.
 */
export async function download(
  { name, type }: File,
  content: () => Promise<string | AsyncIterable<string>>,
): Promise<Response> {
  try {
    const headers = {
      "content-type": `${type}; charset=utf-8`,
      "content-disposition": `attachment; filename="${name}"`,
      "cache-control": "no-store",
    };
    const whole = await content();
    return new Response(typeof whole === "string" ? whole : inPieces(whole), { headers });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (error.code === "unauthenticated") await requireContext();
    if (error.stepUp) return leadToStepUp((await requestStamp()).path);
    const headers = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" };
    return new Response(error.message, { status: error.status, headers });
  }
}

/** Who has to confirm first does so on a page of its own, and comes back by a link (F5). */
function leadToStepUp(path: string): Response {
  const location = `/step-up?next=${encodeURIComponent(path)}`;
  return new Response(null, { status: 303, headers: { location, "cache-control": "no-store" } });
}

/** Piece by piece, as fast as they are taken: a long file is never in memory as a whole. */
function inPieces(pieces: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const rest = pieces[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await rest.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await rest.return?.();
    },
  });
}
