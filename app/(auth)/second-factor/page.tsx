import { ActionForm } from "#components/form/action-form.tsx";
import { Checkbox } from "#components/form/checkbox.tsx";
import { CodeField } from "#components/form/code-field.tsx";
import { Field } from "#components/form/field.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { SignedOutLayout } from "#components/layout/signed-out-layout.tsx";
import { PasskeyButton } from "#components/passkey/passkey-button.tsx";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { describeFactorDuty } from "#lib/auth/mfa/describe-second-factors.ts";
import { pendingContext } from "#lib/web/context.ts";
import { localPath } from "#lib/web/local-path.ts";
import { supportLine } from "../support-line.tsx";
import { askForPasskeyAction, provePasskeyAction, proveSecondFactorAction } from "./actions.ts";

export const metadata = { title: "Prove that it is you" };

export default async function SecondFactorPage({ searchParams }: PageProps<"/second-factor">) {
  const ctx = await pendingContext("second_factor");
  const { next, by } = await searchParams;
  const { enrolled, rememberDeviceDays, unusual } = await describeFactorDuty(ctx);
  const hasApp = enrolled.includes("totp");
  const byRecoveryCode = !hasApp || by === "recovery-code";

  return (
    <SignedOutLayout
      firmName={ctx.tenant.name}
      title="Prove that it is you"
      lead={byRecoveryCode ? LEADS.recoveryCode : LEADS.app}
      footer={await supportLine(ctx)}
    >
      {unusual.length > 0 && (
        <div className="mb-6">
          <Notice title="This sign-in looks unusual">{unusual.join(" ")}</Notice>
        </div>
      )}
      {enrolled.includes("passkey") && (
        <ActionForm action={provePasskeyAction} id="by-passkey" label="Use a passkey" className="form mb-6">
          <Hidden name="next" value={localPath(next)} />
          <PasskeyButton ask={askForPasskeyAction} tone={hasApp ? "quiet" : "primary"} wide>
            Use your passkey
          </PasskeyButton>
        </ActionForm>
      )}
      <ActionForm action={proveSecondFactorAction} label="Prove that it is you">
        <Hidden name="next" value={localPath(next)} />
        {rememberDeviceDays > 0 && (
          <Checkbox
            name="remember"
            label={`Don’t ask again in this browser for ${rememberDeviceDays} days`}
          />
        )}
        {byRecoveryCode ? (
          <Field
            name="code"
            label="Recovery code"
            hint="Such as ABCD-EFGH-JKLM-2345. Each works once."
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            required
          />
        ) : (
          <CodeField hint="The 6 digits that your authenticator app shows." autoSubmit orLonger />
        )}
        <Submit wide>Continue</Submit>
      </ActionForm>
      <OtherFactors
        hasApp={hasApp}
        byRecoveryCode={byRecoveryCode}
        // Whoever comes from the firm's identity provider has lost nothing that is taken away here.
        mayBeLost={!ctx.pending.proofs.includes("sso")}
        next={localPath(next)}
      />
      <form method="post" action="/sign-out" className="-ms-4.5 mt-4">
        <Button type="submit" tone="plain">
          Sign out instead
        </Button>
      </form>
    </SignedOutLayout>
  );
}

const LEADS = {
  app: "Your account has a second factor. Type the code of your authenticator app.",
  recoveryCode: "Type one of the recovery codes that you saved when you set your second factor up.",
};

type OtherFactorsProps = { hasApp: boolean; byRecoveryCode: boolean; mayBeLost: boolean; next: string };

/** What else proves it. */
function OtherFactors({ hasApp, byRecoveryCode, mayBeLost, next }: OtherFactorsProps) {
  const query = `next=${encodeURIComponent(next)}`;
  return (
    <ul className="mt-6 grid gap-2">
      {!byRecoveryCode && (
        <li>
          <a href={`/second-factor?by=recovery-code&${query}`}>Use a recovery code</a>
        </li>
      )}
      {hasApp && byRecoveryCode && (
        <li>
          <a href={`/second-factor?${query}`}>Use the authenticator app</a>
        </li>
      )}
      {mayBeLost && (
        <li>
          <a href="/second-factor/lost">I have lost my device</a>
        </li>
      )}
    </ul>
  );
}
