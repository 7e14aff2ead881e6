import { RowAction } from "#components/reports/row-action.tsx";
import { buttonClass } from "#components/ui/button-class.ts";
import type { Permission } from "#lib/access/permissions.ts";
import { hasPermission } from "#lib/core/access.ts";
import type { Context } from "#lib/core/context.ts";
import type { AccessRow } from "#lib/reports/access-report.ts";
import { sendContactResetAction } from "../../clients/[id]/contacts/actions.ts";
import { openAgainAction, sendInvitationAction, unlockAction } from "./actions.ts";

/** What its reader can do about somebody's state; nothing where nothing helps, or where somebody else has to. */
export function Help({ ctx, row: { id, kind, remedy } }: { ctx: Context; row: AccessRow }) {
  if (remedy === "none" || !mayHelp(ctx, kind, remedy)) return null;
  const describedBy = `name-${id}`;
  if (remedy === "enable") {
    return (
      <a
        href={`/members/${id}/password-and-security`}
        aria-describedby={describedBy}
        className={buttonClass({ size: "small" })}
      >
        Enable the account
      </a>
    );
  }
  const { action, words } = ACTIONS[remedy];
  return (
    <RowAction action={action} memberId={id} describedBy={describedBy}>
      {words}
    </RowAction>
  );
}

/** The same that the use cases ask for. */
function mayHelp(ctx: Context, kind: AccessRow["kind"], remedy: AccessRow["remedy"]): boolean {
  const staff: Permission[] = kind === "staff" ? ["members:reset"] : [];
  const needed: Permission[] = remedy === "enable" ? ["members:manage"] : ["contacts:reset", ...staff];
  return needed.every((permission) => hasPermission(ctx, permission));
}

const ACTIONS = {
  send_invitation: { action: sendInvitationAction, words: "Send invitation" },
  send_reset: { action: sendContactResetAction, words: "Send reset" },
  unlock: { action: unlockAction, words: "Unlock" },
  unfreeze: { action: openAgainAction, words: "Open the account again" },
};
