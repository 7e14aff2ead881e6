import { openApiDocument } from "#lib/api/openapi.ts";
import { OPERATIONS } from "#lib/api/registry.ts";
import { openEndpoint } from "#lib/web/api.ts";

/** Made once: it is the same for everybody, and anybody may ask for it as often as they like. */
let text: string | undefined;

/** Holds nothing of the firm's: whoever reads it needs no session. */
export const GET = openEndpoint(async () => {
  text ??= JSON.stringify(openApiDocument(OPERATIONS));
  return new Response(text, { headers: { "content-type": "application/json" } });
});
