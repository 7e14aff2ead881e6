import { Pager } from "#components/members/pager.tsx";
import { FilterChips } from "#components/reports/filter-chips.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { sayCounted } from "#components/ui/say-counted.ts";
import type { EnforcementDescription } from "#lib/auth/sso/enforcement/describe-enforcement.ts";

type Losing = { found: EnforcementDescription; linked: boolean };

const HERE = "/settings/sso/enforcement";

/** Who can get in today, and could not if SSO were the only way: name by name, as far as the reader may see them. */
export function LosingCard({ found, linked }: Losing) {
  const { scope, after, next, people, unseen, counts } = found;
  return (
    <Card
      title="Who would lose access"
      description="People who can get in today, and whose account is not linked to an identity provider. They link it by signing in through the provider once, and saying that the account is theirs."
    >
      <div className="grid gap-5">
        <FilterChips
          label="For whom"
          chips={[
            {
              href: `${HERE}?scope=staff`,
              words: "Staff",
              count: sayCounted(counts.staff),
              chosen: scope === "staff",
            },
            {
              href: `${HERE}?scope=everybody`,
              words: "Everybody",
              count: sayCounted(counts.everybody),
              chosen: scope === "everybody",
            },
          ]}
        />
        {people.length === 0 && unseen === 0 && (
          <p>Nobody: all of them get in through the identity provider, or cannot get in today.</p>
        )}
        {people.length > 0 && (
          <ul className="grid gap-2">
            {people.map(({ id, name, kind, hasApiToken }) => (
              <li key={id} className="flex flex-wrap items-center gap-x-3 gap-y-1">
                {linked ? <a href={`/members/${id}/profile`}>{name}</a> : <span>{name}</span>}
                {kind === "contact" && <Badge>Contact</Badge>}
                {hasApiToken && <Badge tone="warning">API token goes on</Badge>}
              </li>
            ))}
          </ul>
        )}
        {unseen > 0 && (
          <p className="text-ink-muted text-sm">
            Not named, because you may not see them: {sayCounted(unseen)}
          </p>
        )}
        <Pager path={HERE} wish={{ scope }} place="after" next={next} begun={after !== undefined} />
      </div>
    </Card>
  );
}
