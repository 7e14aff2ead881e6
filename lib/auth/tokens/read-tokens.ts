import { askPrepared } from "#db/tenant.ts";
import type { Context } from "#lib/core/context.ts";
import { sha256 } from "#lib/core/crypto.ts";
import { asOverloadWhenDatabaseIsAway } from "#lib/core/errors.ts";
import { sourceOf } from "#lib/core/rate-limit.ts";
import { isWellFormed, looksLikeApiToken } from "../api-tokens/api-token.ts";
import { type ApiTokenReading, type ApiTokenRow, apiTokenReadingOf } from "../api-tokens/read-api-token.ts";
import {
  looksLikeSessionToken,
  type SessionReading,
  type SessionRow,
  sessionReadingOf,
} from "../session/read-session.ts";

/** What a token of either kind is worth in this firm. */
export type TokenReading =
  | { kind: "api_token"; reading: ApiTokenReading }
  | { kind: "session"; reading: SessionReading };

/**
 * Whom each of these tokens stands for in this firm, in one statement, whatever kinds they are of. What no portal could
 * have given is not asked of the database.
 */
export async function readTokens(ctx: Context, tokens: readonly string[]): Promise<TokenReading[]> {
  const asked = tokens.map((token) => questionOf(ctx, token));
  const rows = await ask(asked);
  return Promise.all(
    asked.map(async ({ kind, isPossible }, index): Promise<TokenReading> => {
      const row = rows.get(index);
      if (kind === "session")
        return { kind, reading: await sessionReadingOf(ctx.tenant, row as SessionRow | undefined) };
      if (!isPossible) return { kind, reading: { state: "none", reason: "malformed" } };
      return { kind, reading: await apiTokenReadingOf(ctx.tenant, row as ApiTokenRow | undefined) };
    }),
  );
}

type Question = {
  kind: TokenReading["kind"];
  isPossible: boolean;
  reader: "read_api_token" | "read_session";
  values: (string | Buffer)[];
};

function questionOf({ tenant, origin }: Context, token: string): Question {
  const values = (from: string) => [tenant.id, sha256(token), from];
  return looksLikeApiToken(token)
    ? {
        kind: "api_token",
        isPossible: isWellFormed(token),
        reader: "read_api_token",
        values: values(sourceOf(origin)),
      }
    : {
        kind: "session",
        isPossible: looksLikeSessionToken(token),
        reader: "read_session",
        values: values(origin.host),
      };
}

type Row = { nth: number; row: SessionRow | ApiTokenRow };

/** The rows by the place of their question. There are as many texts to prepare as there are kinds in a row: a few. */
async function ask(questions: readonly Question[]): Promise<Map<number, Row["row"]>> {
  const possible = questions.map((one, nth) => ({ ...one, nth })).filter(({ isPossible }) => isPossible);
  if (possible.length === 0) return new Map();
  const text = possible
    .map(({ reader, nth }, index) => {
      const [one, two, three] = [1, 2, 3].map((place) => `$${3 * index + place}`);
      return `select ${nth} as nth, to_json(r) as row from ${reader}(${one}, ${two}, ${three}) r`;
    })
    .join(" union all ");
  try {
    const rows = await askPrepared<Row>(
      text,
      possible.flatMap(({ values }) => values),
    );
    return new Map(rows.map(({ nth, row }) => [nth, row]));
  } catch (error) {
    throw asOverloadWhenDatabaseIsAway(error);
  }
}
