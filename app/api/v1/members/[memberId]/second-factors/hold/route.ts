import { endpoint } from "#lib/web/api.ts";

export const { GET, POST, PUT, PATCH, DELETE } = endpoint("/members/{memberId}/second-factors/hold");
