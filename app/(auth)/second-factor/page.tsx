import { ActionForm } from "#components/form/action-form.tsx";
import { Checkbox } from "#components/form/checkbox.tsx";
import { CodeField } from "#components/form/code-field.tsx";
import { Field } from "#components/form/field.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { SignedOutLayout } from "#components/layout/signed-out-layout.tsx";
import { PasskeyWay } from "#components/passkey/passkey-way.tsx";
import { WithoutPasskeys } from "#components/passkey/without-passkeys.tsx";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { describeFactorDuty } from "#lib/auth/mfa/describe-second-factors.ts";
import { pendingContext } from "#lib/web/context.ts";
import { localPath } from "#lib/web/local-path.ts";
import { supportLine } from "../support-line.tsx";
import { proveSecondFactorAction } from "./actions.ts";

export const metadata = { title: "Prove that it is you" };

export default async function SecondFactorPage({ searchParams }: PageProps<"/second-factor">) {
  const ctx = await pendingContext("second_factor");
  const { next, by } = await searchParams;
  const { enrolled, rememberDeviceDays, unusual } = await describeFactorDuty(ctx);
  const way = wayOf(enrolled, by);
  const hasPasskey = enrolled.includes("passkey");

  return (
    <SignedOutLayout
      firmName={ctx.tenant.name}
      title="Prove that it is you"
      lead={way === "app" && hasPasskey ? LEADS.both : LEADS[way]}
      footer={await supportLine(ctx)}
    >
      {unusual.length > 0 && (
        <div className="mb-6">
          <Notice title="This sign-in looks unusual">{unusual.join(" ")}</Notice>
        </div>
      )}
      <ActionForm action={proveSecondFactorAction} label="Prove that it is you">
        <Hidden name="next" value={localPath(next)} />
        {rememberDeviceDays > 0 && (
          <Checkbox
            name="remember"
            label={`Don’t ask again in this browser for ${rememberDeviceDays} days`}
          />
        )}
        <Proofs way={way} hasPasskey={hasPasskey} />
      </ActionForm>
      <OtherFactors
        way={way}
        enrolled={enrolled}
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

type Enrolled = Awaited<ReturnType<typeof describeFactorDuty>>["enrolled"];

type Way = "app" | "passkey" | "recoveryCode";

/** A passkey has its button beside the app's code; without an app it has the page. */
function wayOf(enrolled: Enrolled, by: unknown): Way {
  if (by === "recovery-code") return "recoveryCode";
  if (enrolled.includes("totp")) return "app";
  return enrolled.includes("passkey") ? "passkey" : "recoveryCode";
}

const LEADS: Record<Way | "both", string> = {
  both: "Your account has a second factor. Type the code of your authenticator app, or use your passkey.",
  app: "Your account has a second factor. Type the code of your authenticator app.",
  passkey: "Your account has a second factor. Use your passkey or security key.",
  recoveryCode: "Type one of the recovery codes that you saved when you set your second factor up.",
};

function Proofs({ way, hasPasskey }: { way: Way; hasPasskey: boolean }) {
  if (way === "recoveryCode") {
    return (
      <>
        <Field
          name="code"
          label="Recovery code"
          hint="Such as ABCD-EFGH-JKLM-2345. Each works once."
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          required
        />
        <Submit wide>Continue</Submit>
      </>
    );
  }
  return (
    <>
      {way === "app" && (
        <>
          <CodeField hint="The 6 digits that your authenticator app shows." autoSubmit orLonger />
          <Submit wide>Continue</Submit>
        </>
      )}
      {way === "passkey" && <WithoutPasskeys />}
      {hasPasskey && (
        <PasskeyWay askAt="/second-factor/passkey" tone={way === "passkey" ? "primary" : "quiet"}>
          Use your passkey
        </PasskeyWay>
      )}
    </>
  );
}

type OtherFactorsProps = { way: Way; enrolled: Enrolled; mayBeLost: boolean; next: string };

/** What else proves it. */
function OtherFactors({ way, enrolled, mayBeLost, next }: OtherFactorsProps) {
  const query = `next=${encodeURIComponent(next)}`;
  return (
    <ul className="mt-6 grid gap-2">
      {way !== "recoveryCode" && (
        <li>
          <a href={`/second-factor?by=recovery-code&${query}`}>Use a recovery code</a>
        </li>
      )}
      {way === "recoveryCode" && enrolled.length > 0 && (
        <li>
          <a href={`/second-factor?${query}`}>
            {enrolled.includes("totp") ? "Use the authenticator app" : "Use your passkey"}
          </a>
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
