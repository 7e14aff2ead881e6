import * as z from "zod";
import { generateApiToken } from "#lib/auth/api-tokens/generate-api-token.ts";
import {
  MAX_LIFETIME_IN_DAYS,
  OVERLAPS_IN_HOURS,
  USUAL_LIFETIME_IN_DAYS,
} from "#lib/auth/api-tokens/input.ts";
import { listApiTokens } from "#lib/auth/api-tokens/list-api-tokens.ts";
import { revokeApiToken } from "#lib/auth/api-tokens/revoke-api-token.ts";
import { Id, Moment, Named, PermissionName } from "../fields.ts";
import { operation } from "../operation.ts";
import { cut, Paging, pageOf } from "../paging.ts";

const tag = "API tokens";

const ApiToken = z.object({
  id: Id,
  hint: z.string().meta({ description: "How the token begins, to tell one from another." }),
  scopes: z.array(z.string()),
  createdAt: Moment,
  expiresAt: Moment,
});

const ListedToken = ApiToken.extend({
  owner: Named.extend({ username: z.string() }),
  lastUsedAt: Moment.nullable(),
  lastUsedSource: z.string().nullable(),
}).meta({ id: "ApiToken", description: "A token that is good now. The token itself is kept nowhere." });

const list = operation({
  method: "GET",
  path: "/api-tokens",
  id: "listApiTokens",
  tag,
  summary: "List the firm's API tokens that are good now, the newest first",
  permission: "api_tokens:manage",
  mayNeed: ["members:read"],
  query: Paging,
  answer: pageOf(ListedToken),
  async run(ctx, { query }) {
    const { tokens, next } = await listApiTokens(ctx, query);
    return cut({ rows: tokens, next }, query.limit);
  },
});

const generate = operation({
  method: "POST",
  path: "/api-tokens",
  id: "generateApiToken",
  tag,
  summary: "Generate an API token",
  description: "In person: with the token of a session, not with an API token. It is shown this once.",
  permission: "person",
  mayNeed: ["api_tokens:own", "api_tokens:manage"],
  secret: true,
  body: z.strictObject({
    memberId: Id.optional().meta({ description: "Whose; your own without it." }),
    scopes: z.array(PermissionName).optional().meta({ description: "All that its owner may do without it." }),
    expiresInDays: z.int().min(1).max(MAX_LIFETIME_IN_DAYS).default(USUAL_LIFETIME_IN_DAYS),
    overlapHours: z
      .literal(OVERLAPS_IN_HOURS)
      .default(0)
      .meta({ description: "How long the one before goes on working." }),
    replaces: Id.nullable().optional().meta({
      description: "The one that you saw as the current one, null for none. Is it another by now: 409.",
    }),
  }),
  status: 201,
  answer: ApiToken.extend({ token: z.string() }).meta({ id: "GeneratedApiToken" }),
  alsoAnswers: [404],
  run: (ctx, { body: { replaces, ...wish } }) =>
    generateApiToken(ctx, { ...wish, replaces: replaces === null ? "" : replaces }),
});

const revoke = operation({
  method: "DELETE",
  path: "/api-tokens/{tokenId}",
  id: "revokeApiToken",
  tag,
  summary: "Revoke an API token",
  description:
    "It is refused from its next request on. In person: with the token of a session, not with an API token.",
  permission: "person",
  mayNeed: ["api_tokens:manage"],
  params: z.object({ tokenId: Id }),
  status: 204,
  run: (ctx, call) => revokeApiToken(ctx, call.params),
});

export const apiTokenOperations = [list, generate, revoke];
