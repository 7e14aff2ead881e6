import type { ReactNode } from "react";
import type { Context } from "#lib/core/context.ts";
import { describeSupport } from "#lib/settings/describe-support.ts";

/** Whom to turn to, for the foot of a signed-out page (000-04). The same for every visitor; nothing where nobody is named. */
export async function supportLine(ctx: Context): Promise<ReactNode> {
  const support = await describeSupport(ctx);
  if (!support) return undefined;
  const { name, email, phone } = support;
  return (
    <>
      <p>
        Help from {ctx.tenant.name}
        {name && <>: {name}</>}
      </p>
      <p className="flex flex-wrap justify-center gap-x-4">
        {email && <a href={`mailto:${encodeURIComponent(email).replace("%40", "@")}`}>{email}</a>}
        {phone && <a href={`tel:${phone.replace(/[^0-9+]/g, "")}`}>{phone}</a>}
      </p>
    </>
  );
}
