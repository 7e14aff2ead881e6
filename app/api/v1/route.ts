import { OPERATIONS } from "#lib/api/registry.ts";
import { openEndpoint } from "#lib/web/api.ts";

/** For programs; next.config.ts leads people to the page that says the same to them. */
export const GET = openEndpoint(async () =>
  Response.json({
    openapi: "/api/v1/openapi.json",
    operations: OPERATIONS.map(({ method, path, summary }) => `${method} /api/v1${path}: ${summary}`),
  }),
);
