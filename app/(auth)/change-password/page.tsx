import { ActionForm } from "#components/form/action-form.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { SignedOutLayout } from "#components/layout/signed-out-layout.tsx";
import { Button } from "#components/ui/button.tsx";
import { describePasswordRulesAsDuty } from "#lib/auth/password/describe-password-rules.ts";
import type { ChangeReason } from "#lib/policy/session.ts";
import { pendingContext } from "#lib/web/context.ts";
import { localPath } from "#lib/web/local-path.ts";
import { NewPasswordFields } from "../new-password-fields.tsx";
import { changePasswordAction } from "./actions.ts";

export const metadata = { title: "Choose a new password" };

export default async function ChangePasswordPage({ searchParams }: PageProps<"/change-password">) {
  const ctx = await pendingContext("change_password");
  const { tenant, pending } = ctx;
  const { next } = await searchParams;
  const known = await describePasswordRulesAsDuty(ctx);

  return (
    <SignedOutLayout
      firmName={tenant.name}
      title="Choose a new password"
      lead={LEADS[pending.changeReason ?? "required"](tenant.name)}
    >
      <ActionForm action={changePasswordAction} label="Choose a new password">
        <Hidden name="next" value={localPath(next)} />
        <NewPasswordFields username={pending.username} {...known} />
        <Submit wide>Save New Password</Submit>
      </ActionForm>
      <form method="post" action="/sign-out" className="-ms-4.5 mt-4">
        <Button type="submit" tone="plain">
          Sign out instead
        </Button>
      </form>
    </SignedOutLayout>
  );
}

/** Why this step is there, and what it is good for (C7). */
const LEADS: Record<ChangeReason, (firmName: string) => string> = {
  temporary: () =>
    "You have signed in with a temporary password. Choose one of your own now: nobody else will know it.",
  required: (firmName) => `${firmName} asks you for a new password before you go on.`,
  expired: () => "Your password has expired. Choose a new one to go on.",
  breached: () =>
    "Your password is on lists that attackers use, from leaks elsewhere. Choose a new one to go on, and change it wherever else you use it.",
  rules_changed: (firmName) =>
    `${firmName} has new rules for passwords, and yours may not meet them. Choose one that does to go on.`,
};
