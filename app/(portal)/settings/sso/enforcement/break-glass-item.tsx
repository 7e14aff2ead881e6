import type { ReactNode } from "react";
import { ConfirmStep } from "#components/api-tokens/confirm-step.tsx";
import { ActionForm } from "#components/form/action-form.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Select } from "#components/form/select.tsx";
import { Submit } from "#components/form/submit.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Moment } from "#components/ui/moment.tsx";
import { VisuallyHidden } from "#components/ui/visually-hidden.tsx";
import type { ListedBreakGlass } from "#lib/auth/sso/break-glass/list-break-glass.ts";
import { sayMoment } from "#lib/core/say-moment.ts";
import { armBreakGlassAction, stopBreakGlassAction } from "./actions.ts";

type Item = { item: ListedBreakGlass; self: string; timeZone: string };

const STATES = {
  proposed: { tone: "info", label: "Proposed" },
  armed: { tone: "warning", label: "Armed" },
  ran_out: { tone: "neutral", label: "Run out" },
} as const;

export function BreakGlassItem({ item, self, timeZone }: Item) {
  const { tone, label } = STATES[item.state];
  return (
    <li className="grid gap-3 border-line border-t pt-5 first:border-t-0 first:pt-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="min-w-0 break-words font-semibold">{item.name}</h3>
        <Badge tone={tone}>{label}</Badge>
      </div>
      <History item={item} timeZone={timeZone} />
      {item.state === "proposed" && <NextStep item={item} self={self} timeZone={timeZone} />}
      <Stop item={item} />
    </li>
  );
}

function History({ item, timeZone }: Omit<Item, "self">) {
  const { state, proposerName, armedByName, armedKey, expiresAt, lastUsedAt } = item;
  const until = <Moment at={expiresAt} timeZone={timeZone} />;
  return (
    <p className="max-w-prose text-ink-muted text-sm">
      Proposed by {proposerName ?? "somebody who is gone"}
      {state === "armed" ? (
        <>
          , armed by {armedByName ?? "somebody who is gone"} for “{armedKey ?? "a passkey that is gone"}”,
          until {until}
        </>
      ) : (
        <>, {state === "proposed" ? <>open until {until}</> : <>over since {until}</>}</>
      )}
      .
      {lastUsedAt && (
        <>
          {" "}
          Last used <Moment at={lastUsedAt} timeZone={timeZone} />.
        </>
      )}
    </p>
  );
}

/** Who does what next: the passkey, then the second person. */
function NextStep({ item, self, timeZone }: Item) {
  const { keys, memberId, name, mine } = item;
  if (keys.length === 0) {
    const where = memberId === self ? <a href="/account/passkeys">your passkeys</a> : "their own passkeys";
    return (
      <Next>
        {memberId === self ? "You have" : `${name} has`} no passkey yet that stays on one device. Add it under{" "}
        {where} first.
      </Next>
    );
  }
  if (mine) return <Next>You have proposed it: another administrator has to arm it.</Next>;
  return <Arm item={item} timeZone={timeZone} />;
}

function Next({ children }: { children: ReactNode }) {
  return <p className="max-w-prose text-sm">{children}</p>;
}

function Arm({ item: { id, name, keys }, timeZone }: Omit<Item, "self">) {
  const options = keys.map((key) => ({ value: key.id, label: `${key.name}, added ${dayOf(key, timeZone)}` }));
  return (
    <ActionForm action={armBreakGlassAction} id={`arm-${id}`} label={`Arm break-glass of ${name}`}>
      <Hidden name="breakGlassId" value={id} />
      <Select name="passkeyId" label="For which passkey?" options={options} />
      <div>
        <Submit size="small">
          Arm<VisuallyHidden> break-glass of {name}</VisuallyHidden>
        </Submit>
      </div>
    </ActionForm>
  );
}

function dayOf({ createdAt }: { createdAt: Date }, timeZone: string): string {
  return sayMoment(createdAt, { dateStyle: "medium", timeZone });
}

function Stop({ item: { id, name, state } }: Pick<Item, "item">) {
  const confirm = (
    <ConfirmStep title={`End break-glass of ${name}?`} press="End" tone="danger">
      <p>
        {state === "armed"
          ? "The passkey does not get past the identity provider any more, from now on. To have it back takes two people."
          : "Nobody can arm it any more."}
      </p>
    </ConfirmStep>
  );
  return (
    <ActionForm
      action={stopBreakGlassAction}
      id={`stop-${id}`}
      label={`End break-glass of ${name}`}
      className="grid gap-3"
      steps={{ confirm }}
    >
      <Hidden name="breakGlassId" value={id} />
      <div>
        <Submit tone="quiet" size="small">
          End<VisuallyHidden> break-glass of {name}</VisuallyHidden>
        </Submit>
      </div>
    </ActionForm>
  );
}
