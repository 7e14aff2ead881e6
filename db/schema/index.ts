// biome-ignore-all lint/performance/noBarrelFile: drizzle-kit reads the whole schema from here; nothing else does.
export * from "./api-tokens.ts";
export * from "./audit.ts";
export * from "./clients.ts";
export * from "./credential-batches.ts";
export * from "./email-changes.ts";
export * from "./firm-settings.ts";
export * from "./groups.ts";
export * from "./imports.ts";
export * from "./linked-firms.ts";
export * from "./members.ts";
export * from "./one-time-secrets.ts";
export * from "./outbox.ts";
export * from "./rate-limits.ts";
export * from "./recovery-requests.ts";
export * from "./security-options.ts";
export * from "./sessions.ts";
export * from "./tenancy.ts";
