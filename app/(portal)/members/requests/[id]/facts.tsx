import type { ReactNode } from "react";
import { Card } from "#components/ui/card.tsx";
import type { getRequest } from "#lib/members/recovery/get-request.ts";
import { momentInWords } from "../words.ts";

type Found = Awaited<ReturnType<typeof getRequest>>;

/** What is known: what was typed, by whom it may be, and who has done what so far. */
export function Facts({ found: { request, member, proposerName, deciderName } }: { found: Found }) {
  const rows: [string, ReactNode][] = [
    ["Asked", momentInWords(request.createdAt)],
    ["Asked from", request.source],
    ...(request.origin === "no_mailbox"
      ? ([
          ["Typed as a name", request.typedName],
          ["Says to be reached at", request.reachableAt],
        ] as [string, ReactNode][])
      : []),
    ["Account", member ? [member.name, member.username].filter(Boolean).join(" · ") : "None has this name"],
    ...(member ? ([["E-mail now", member.address ?? "No address"]] as [string, ReactNode][]) : []),
    ...(request.newEmail ? ([["New e-mail", request.newEmail]] as [string, ReactNode][]) : []),
    ...(proposerName ? ([["Proposed by", proposerName]] as [string, ReactNode][]) : []),
    ...(deciderName ? ([["Approved by", deciderName]] as [string, ReactNode][]) : []),
  ];
  return (
    <Card title="What is known">
      <dl className="grid gap-x-6 gap-y-3 sm:grid-cols-[12rem_1fr]">
        {rows.map(([term, value]) => (
          <div key={term} className="grid gap-0.5 sm:contents">
            <dt className="text-ink-muted text-sm">{term}</dt>
            <dd className="wrap-anywhere">{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
