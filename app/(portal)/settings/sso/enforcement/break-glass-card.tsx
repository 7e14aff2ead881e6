import { ActionForm } from "#components/form/action-form.tsx";
import { Select } from "#components/form/select.tsx";
import { Submit } from "#components/form/submit.tsx";
import { Card } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import type { ListedBreakGlass } from "#lib/auth/sso/break-glass/list-break-glass.ts";
import { proposeBreakGlassAction } from "./actions.ts";
import { BreakGlassItem } from "./break-glass-item.tsx";

type BreakGlassProps = {
  listed: ListedBreakGlass[];
  candidates: { id: string; name: string }[];
  self: string;
  timeZone: string;
  enforced: boolean;
};

/** Who may come in past the identity provider: proposed by one administrator, armed by another (J3, J4). */
export function BreakGlassCard({ listed, candidates, self, timeZone, enforced }: BreakGlassProps) {
  const armed = listed.some(({ state }) => state === "armed");
  return (
    <Card
      title="Break-glass"
      description="For the day on which the identity provider is away: one administrator gets in by a passkey that never leaves its device, such as a security key in a safe. Off until two administrators have armed it; it ends after 90 days, and every use is told to all of them."
    >
      <div className="grid gap-6">
        {enforced && !armed && (
          <Notice tone="warning" title="Nobody’s is armed">
            If the identity provider is away, nobody gets in. Propose one now.
          </Notice>
        )}
        {listed.length > 0 && (
          <ul className="grid gap-6">
            {listed.map((item) => (
              <BreakGlassItem key={item.id} item={item} self={self} timeZone={timeZone} />
            ))}
          </ul>
        )}
        {candidates.length > 0 && <Propose candidates={candidates} />}
      </div>
    </Card>
  );
}

function Propose({ candidates }: Pick<BreakGlassProps, "candidates">) {
  return (
    <ActionForm action={proposeBreakGlassAction} id="propose" label="Propose break-glass">
      <Select
        name="memberId"
        label="Propose somebody"
        hint="Whoever may change how the firm signs in, you too. Another administrator has a day to arm it."
        placeholder="Choose an administrator"
        options={candidates.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <div>
        <Submit tone="quiet">Propose</Submit>
      </div>
    </ActionForm>
  );
}
