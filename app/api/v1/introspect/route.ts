import { endpoint } from "#lib/web/api.ts";

export const { GET, POST, PUT, PATCH, DELETE } = endpoint("/introspect");
