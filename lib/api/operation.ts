import * as z from "zod";
import type { Permission } from "#lib/access/permissions.ts";
import type { Requirement } from "#lib/core/access.ts";
import type { Context } from "#lib/core/context.ts";
import type { Check } from "./checks/check.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** What has been sent, in its checked form. */
export type Call<Params = unknown, Query = unknown, Body = unknown> = {
  params: Params;
  query: Query;
  body: Body;
  /** The version that the caller has seen, by If-Match; undefined where any will do. */
  version: number | undefined;
};

type Spec<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Answer extends z.ZodType,
> = {
  method: Method;
  /** Below /api/v1, with `{name}` for each parameter. */
  path: string;
  /** What it is called in the document: no two operations have one name. */
  id: string;
  tag: string;
  summary: string;
  description?: string;
  /** What is asked of every caller, before anything that was sent is looked at. */
  permission: Requirement;
  /** What the use case asks besides, for some of those whom it is about. */
  mayNeed?: readonly Permission[];
  params?: Params;
  query?: Query;
  body?: Body;
  /** The status of success, and what it brings: undefined for nothing. */
  status?: 200 | 201 | 202 | 204;
  answer?: Answer;
  /** Refusals that say more than a problem does, by status. */
  problems?: Readonly<Record<number, z.ZodType>>;
  /** Statuses that this operation has beside those of its kind. */
  alsoAnswers?: readonly number[];
  /** Where what was made can be found. */
  location?: (answer: z.output<Answer>) => string;
  /** Whether an answer carries its `version` as ETag. */
  tagged?: boolean;
  /** Whether If-Match is honoured. */
  conditional?: boolean;
  /** The answer holds a secret: it is never stored, not for a repetition either. */
  secret?: boolean;
  /** For programs alone: no cookie speaks for anybody. */
  programsOnly?: boolean;
  /** Asked by other applications on each request of theirs, so that it counts for nobody's allowance. */
  unlimited?: boolean;
  /** The headers of success, and what is in them. */
  headers?: Readonly<Record<string, string>>;
  /** Whether the body is a form, as another standard has it. */
  form?: boolean;
  /** What the server in front answers by itself, in place of `run`. */
  check?: Check;
  /** Gives what the answer's schema makes an answer of, or a problem. */
  run?: (ctx: Context, call: Call<z.output<Params>, z.output<Query>, z.output<Body>>) => Promise<unknown>;
};

export type Operation = ReturnType<typeof operation>;

const NOTHING = z.strictObject({});

/**
 * Declares an endpoint: who may, what comes in, what goes out, and the use case between. The handler, the checks in both
 * directions and the OpenAPI document are made of it, so that none of them can say anything else than the others.
 */
export function operation<
  Params extends z.ZodObject = typeof NOTHING,
  Query extends z.ZodObject = typeof NOTHING,
  Body extends z.ZodType = z.ZodUndefined,
  Answer extends z.ZodType = z.ZodUndefined,
>(spec: Spec<Params, Query, Body, Answer>) {
  const { run, location, ...rest } = spec;
  return {
    ...rest,
    mayNeed: spec.mayNeed ?? [],
    params: (spec.params ?? NOTHING) as z.ZodObject,
    query: (spec.query ?? NOTHING) as z.ZodObject,
    body: spec.body as z.ZodType | undefined,
    answer: spec.answer as z.ZodType | undefined,
    status: spec.status ?? 200,
    location: location as ((answer: unknown) => string) | undefined,
    run: run as ((ctx: Context, call: Call) => Promise<unknown>) | undefined,
  };
}
