import * as z from "zod";
import type { TenantId } from "#db/tenant.ts";
import { sign, verifySigned } from "#lib/core/crypto.ts";

/** The one header by which the server in front tells the pages where a request stands. */
export const STAMP_HEADER = "x-portal-stamp";

const Stamp = z.object({
  host: z.string(),
  path: z.string(),
  requestId: z.string(),
  source: z.string(),
  nonce: z.string(),
  tenant: z
    .object({
      id: z.uuid().transform((id) => id as TenantId),
      slug: z.string(),
      name: z.string(),
      accent: z.string().optional(),
      version: z.number(),
    })
    .optional(),
});

/**
 * What the server in front found out about a request: host, firm (none on the apex), path, address, request id
 * and the nonce of its scripts. Signed, because Next asks itself for a page after a Server Action's redirect
 * under a loopback host name and with this header alone to say which firm it is for.
 */
export type RequestStamp = z.infer<typeof Stamp>;

export function makeStamp(stamp: RequestStamp): string {
  return sign("host-stamp", Buffer.from(JSON.stringify(stamp)).toString("base64url"));
}

/** The stamp, or undefined when it is missing, damaged or not ours. */
export function readStamp(header: string | null | undefined): RequestStamp | undefined {
  const text = header ? verifySigned("host-stamp", header) : undefined;
  if (!text) return undefined;
  return Stamp.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
}
