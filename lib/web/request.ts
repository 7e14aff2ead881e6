import "server-only";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { cache } from "react";
import { type RequestStamp, readStamp, STAMP_HEADER } from "#lib/tenancy/request-stamp.ts";

/** What the server in front found out about this request. The one place that reads it; without it there is nothing. */
export const requestStamp = cache(
  async (): Promise<RequestStamp> => readStamp((await headers()).get(STAMP_HEADER)) ?? notFound(),
);
