import { scimEndpoint } from "#lib/web/scim.ts";

export const { GET, POST, PUT, PATCH, DELETE } = scimEndpoint("Schemas");
