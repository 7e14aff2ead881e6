import { notFound } from "#lib/core/errors.ts";
import { openEndpoint } from "#lib/web/api.ts";

const nowhere = openEndpoint(async () => {
  throw notFound("There is no such address in this API. GET /api/v1 lists those that there are.");
});

export { nowhere as DELETE, nowhere as GET, nowhere as PATCH, nowhere as POST, nowhere as PUT };
