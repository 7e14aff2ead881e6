import { openApiDocument } from "#lib/api/openapi.ts";
import { OPERATIONS } from "#lib/api/registry.ts";
import { openEndpoint } from "#lib/web/api.ts";

/** Holds nothing of the firm's: whoever reads it needs no session. */
export const GET = openEndpoint(async () => Response.json(openApiDocument(OPERATIONS)));
