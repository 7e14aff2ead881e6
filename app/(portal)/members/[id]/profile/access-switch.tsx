import { ActionForm } from "#components/form/action-form.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import type { MemberProfile } from "#lib/members/get-member-profile.ts";
import { setAccessAction } from "./actions.ts";

type AccessSwitchProps = { profile: Pick<MemberProfile, "id" | "name" | "kind" | "status" | "maySwitch"> };

/** The access switch of a contact (D7), and of staff who sign in by SSO, who have no other page for it (004-05). */
export function AccessSwitch({ profile: { id, name, kind, status, maySwitch } }: AccessSwitchProps) {
  const on = status === "enabled";
  return (
    <Card
      title={kind === "contact" ? "Access" : "Account Status"}
      actions={on ? <Badge tone="success">On</Badge> : <Badge tone="warning">Switched off</Badge>}
    >
      <div className="grid gap-4">
        <p className="max-w-prose text-ink-muted text-sm">
          {on
            ? `Switched off, ${name} is out everywhere at once: sessions, mailed links and tokens end. Nothing else is lost.`
            : `Switched on, ${name} signs in as before, with the same group and clients. What had ended stays ended.`}
        </p>
        {maySwitch && (
          <ActionForm key={status} action={setAccessAction} id="access" label="Access">
            <Hidden name="memberId" value={id} />
            <Hidden name="status" value={on ? "disabled" : "enabled"} />
            <Submit tone={on ? "quiet" : "primary"}>{on ? "Switch access off" : "Switch access on"}</Submit>
          </ActionForm>
        )}
      </div>
    </Card>
  );
}
