import { describeSecurityContact } from "#lib/settings/describe-security-contact.ts";
import { requestTenant, visitorContext } from "#lib/web/context.ts";

/** Where somebody who has found a hole writes to (RFC 9116, UX29). */
export async function GET(): Promise<Response> {
  if (!(await requestTenant())) return new Response(null, { status: 404 });
  const { email, expiresAt, canonical } = await describeSecurityContact(await visitorContext());
  const lines = [
    `Contact: mailto:${encodeURIComponent(email).replace("%40", "@")}`,
    `Expires: ${expiresAt.toISOString()}`,
    "Preferred-Languages: en",
    `Canonical: ${canonical}`,
    "",
  ];
  return new Response(lines.join("\n"), { headers: { "content-type": "text/plain; charset=utf-8" } });
}
