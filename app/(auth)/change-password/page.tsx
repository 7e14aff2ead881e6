import { ActionForm } from "#components/form/action-form.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { SignedOutLayout } from "#components/layout/signed-out-layout.tsx";
import { Button } from "#components/ui/button.tsx";
import { pendingContext } from "#lib/web/context.ts";
import { localPath } from "#lib/web/local-path.ts";
import { NewPasswordFields } from "../new-password-fields.tsx";
import { changePasswordAction } from "./actions.ts";

export const metadata = { title: "Choose a new password" };

export default async function ChangePasswordPage({ searchParams }: PageProps<"/change-password">) {
  const { tenant, pending } = await pendingContext();
  const { next } = await searchParams;

  return (
    <SignedOutLayout
      firmName={tenant.name}
      title="Choose a new password"
      lead={`Welcome, ${pending.name}. Your firm asks for a new password before you go on.`}
    >
      <ActionForm action={changePasswordAction} label="Choose a new password">
        <Hidden name="next" value={localPath(next)} />
        <NewPasswordFields username={pending.username} firmName={tenant.name} />
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
