import { redirect } from "next/navigation";
import { AppSetUp } from "#components/account/app-set-up.tsx";
import { RecoveryCodes } from "#components/account/recovery-codes.tsx";
import { ActionForm } from "#components/form/action-form.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { SignedOutLayout } from "#components/layout/signed-out-layout.tsx";
import { PasskeyButton } from "#components/passkey/passkey-button.tsx";
import { Button } from "#components/ui/button.tsx";
import { describeSecondFactors, findBegunAppAsDuty } from "#lib/auth/mfa/describe-second-factors.ts";
import type { Context } from "#lib/core/context.ts";
import { pendingContext, visitorContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { localPath } from "#lib/web/local-path.ts";
import { supportLine } from "../../support-line.tsx";
import { askForNewPasskeyAction, setUpAppAction } from "./actions.ts";

export const metadata = { title: "Set up a second factor" };

export default async function EnrollSecondFactorPage({ searchParams }: PageProps<"/second-factor/enroll">) {
  const ctx = await visitorContext();
  const { next } = await searchParams;
  const { isDone, app } = await standOf(ctx);
  const { name } = ctx.tenant;
  const username = ctx.actor?.username ?? ctx.pending?.username;

  return (
    <SignedOutLayout
      firmName={name}
      title="Set up a second factor"
      lead={
        isDone
          ? undefined
          : `${name} asks you for one before you go on: something that you have, beside what you know.`
      }
      footer={await supportLine(ctx)}
    >
      <ActionForm
        action={setUpAppAction}
        label="Set up an authenticator app"
        steps={{
          codes: (
            <RecoveryCodes
              done="Your second factor is set up"
              owner={`${username}, ${name}`}
              next={localPath(next)}
            />
          ),
        }}
      >
        <Hidden name="next" value={localPath(next)} />
        {isDone ? (
          <p>
            Your second factor is set up. <a href={localPath(next)}>Go on</a>
          </p>
        ) : (
          <AppChoice app={app} firmName={name} />
        )}
      </ActionForm>
      {!isDone && (
        <form method="post" action="/sign-out" className="-ms-4.5 mt-4">
          <Button type="submit" tone="plain">
            Sign out instead
          </Button>
        </form>
      )}
    </SignedOutLayout>
  );
}

/**
 * The code that confirms the app opens the portal at once, and the recovery codes are shown after it: this page is then that of
 * somebody who is signed in, and stays.
 */
async function standOf(ctx: Context) {
  if (!ctx.actor) {
    return { isDone: false, app: await findBegunAppAsDuty(await pendingContext("enroll_second_factor")) };
  }
  const { app, hasPasskey } = await load(describeSecondFactors(ctx, undefined));
  if (!app && !hasPasskey) redirect("/account/second-factor");
  return { isDone: true, app: undefined };
}

type AppChoiceProps = { app: { secret: string; uri: string } | undefined; firmName: string };

function AppChoice({ app, firmName }: AppChoiceProps) {
  if (!app) {
    return (
      <>
        <p>
          An authenticator app on your phone or computer shows a new code every half minute; any app for such
          codes will do. A passkey is the device itself, with its fingerprint, face or PIN.
        </p>
        <Submit name="intent" value="begin" wide>
          Set up an authenticator app
        </Submit>
        <PasskeyButton ask={askForNewPasskeyAction} tone="quiet" wide>
          Add a passkey
        </PasskeyButton>
      </>
    );
  }
  return (
    <>
      <AppSetUp app={app} firmName={firmName} />
      <Submit wide>Confirm</Submit>
    </>
  );
}
