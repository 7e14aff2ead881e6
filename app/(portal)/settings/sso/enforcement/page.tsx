import { PageHeader } from "#components/layout/page-header.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { listBreakGlass } from "#lib/auth/sso/break-glass/list-break-glass.ts";
import { describeEnforcement } from "#lib/auth/sso/enforcement/describe-enforcement.ts";
import { hasPermission } from "#lib/core/access.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { BreakGlassCard } from "./break-glass-card.tsx";
import { EnforceCard } from "./enforce-card.tsx";
import { EnforcedCard } from "./enforced-card.tsx";
import { LosingCard } from "./losing-card.tsx";
import { PreconditionsCard } from "./preconditions-card.tsx";
import { DONE } from "./words.ts";

export const metadata = { title: "SSO as the only way in" };

export default async function EnforcementPage({ searchParams }: PageProps<"/settings/sso/enforcement">) {
  const ctx = await requireContext();
  const wish = await searchParams;
  const found = await load(describeEnforcement(ctx, wish));
  const breakGlass = await load(listBreakGlass(ctx));
  const timeZone = ctx.actor.timeZone ?? found.timeZone;
  const { current, preconditions } = found;
  return (
    <>
      <PageHeader
        title="SSO as the only way in"
        description={`Who of ${ctx.tenant.name} gets in by an identity provider alone, and who can all the same when that is away.`}
        breadcrumbs={[{ href: "/settings", label: "Settings" }]}
      />
      <div className="grid max-w-4xl gap-6">
        <Done what={wish.done} />
        {current && <EnforcedCard current={current} timeZone={timeZone} />}
        <PreconditionsCard preconditions={preconditions} />
        <LosingCard found={found} linked={hasPermission(ctx, "members:read")} />
        {preconditions.met && <EnforceCard found={found} />}
        <BreakGlassCard
          {...breakGlass}
          self={ctx.actor.memberId}
          timeZone={timeZone}
          enforced={current !== undefined}
        />
      </div>
    </>
  );
}

/** Words of ours only: nothing from the address is shown. */
function Done({ what }: { what: string | string[] | undefined }) {
  const sentence = typeof what === "string" && Object.hasOwn(DONE, what) ? DONE[what] : undefined;
  if (!sentence) return null;
  return (
    <Notice tone="success" role="status">
      {sentence}
    </Notice>
  );
}
