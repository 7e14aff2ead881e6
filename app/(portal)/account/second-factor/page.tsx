import type { ReactNode } from "react";
import { AppSetUp } from "#components/account/app-set-up.tsx";
import { RecoveryCodes } from "#components/account/recovery-codes.tsx";
import { ConfirmStep } from "#components/api-tokens/confirm-step.tsx";
import { ActionForm } from "#components/form/action-form.tsx";
import { Submit } from "#components/form/submit.tsx";
import { Facts } from "#components/members/facts.tsx";
import { Card } from "#components/ui/card.tsx";
import { Moment } from "#components/ui/moment.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { describeSecondFactors } from "#lib/auth/mfa/describe-second-factors.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { makeNewCodesAction, removeOwnAppAction, setUpOwnAppAction } from "./actions.ts";

export const metadata = { title: "Second factor" };

const HERE = "/account/second-factor";

export default async function OwnSecondFactorPage({ searchParams }: PageProps<"/account/second-factor">) {
  const ctx = await requireContext();
  const { done } = await searchParams;
  const factors = await load(describeSecondFactors(ctx, undefined));
  const { app, hasPasskey, isRequired } = factors;
  const owner = `${ctx.actor.username}, ${ctx.tenant.name}`;

  return (
    <div className="grid gap-6">
      <Done what={done} />
      {isRequired && !app && !hasPasskey && (
        <Notice tone="warning">{ctx.tenant.name} asks you for a second factor at your next sign-in.</Notice>
      )}
      <Card
        title="Authenticator app"
        description="An app on your phone or computer that shows a new code every half minute. You type one when you sign in."
      >
        <SetUpApp {...factors} firmName={ctx.tenant.name} owner={owner} />
        {app && !factors.begun && <RemoveApp />}
      </Card>
      {(app || hasPasskey) && <OwnRecoveryCodes left={factors.recoveryCodesLeft} owner={owner} />}
    </div>
  );
}

type Factors = Awaited<ReturnType<typeof describeSecondFactors>>;

type SetUpAppProps = Pick<Factors, "app" | "begun"> & { firmName: string; owner: string };

function SetUpApp({ app, begun, firmName, owner }: SetUpAppProps) {
  const codes = <RecoveryCodes done="Your authenticator app is set up" owner={owner} next={HERE} />;
  return (
    <ActionForm
      action={setUpOwnAppAction}
      id="app"
      label="Authenticator app"
      steps={{
        codes,
      }}
    >
      {(app || !begun) && <Facts facts={app ? factsOf(app) : NO_APP} />}
      {begun ? (
        <>
          <AppSetUp app={begun} firmName={firmName} />
          <div className="flex flex-wrap gap-3">
            <Submit>Confirm</Submit>
            <Submit name="intent" value="begin" tone="quiet">
              New key
            </Submit>
          </div>
        </>
      ) : (
        <div>
          <Submit name="intent" value="begin" tone={app ? "quiet" : "primary"}>
            {app ? "Replace" : "Set up"}
          </Submit>
        </div>
      )}
    </ActionForm>
  );
}

const NO_APP = [{ label: "Authenticator app", value: "None" }];

function factsOf({ confirmedAt, lastUsedAt }: NonNullable<Factors["app"]>) {
  return [
    { label: "Authenticator app", value: "Set up" },
    { label: "Since", value: confirmedAt && <Moment at={confirmedAt} /> },
    { label: "Last used", value: lastUsedAt ? <Moment at={lastUsedAt} /> : "Never" },
  ];
}

function RemoveApp() {
  const confirm = (
    <ConfirmStep title="Remove the authenticator app?" press="Remove" tone="danger">
      <p>
        Its codes do not work any more. If it is your only second factor, your recovery codes end with it.
      </p>
    </ConfirmStep>
  );
  return (
    <ActionForm
      action={removeOwnAppAction}
      id="remove-app"
      label="Remove the authenticator app"
      className="mt-3 grid gap-3"
      steps={{ confirm }}
    >
      <div>
        <Submit tone="quiet">Remove</Submit>
      </div>
    </ActionForm>
  );
}

/** From here on down there is a warning beside how many are left. */
const FEW = 3;

function OwnRecoveryCodes({ left, owner }: { left: number; owner: string }) {
  const confirm = (
    <ConfirmStep title="Make new recovery codes?" press="Make New Ones">
      <p>Those that you have do not work any more then.</p>
    </ConfirmStep>
  );
  const codes = <RecoveryCodes done="Your new recovery codes" owner={owner} next={HERE} />;
  return (
    <Card
      title="Recovery codes"
      description="With one of them you get in when your second factor is out of reach. Each works once."
    >
      <ActionForm
        action={makeNewCodesAction}
        id="codes"
        label="Recovery codes"
        steps={{
          confirm,
          codes,
        }}
      >
        <Facts facts={[{ label: "Left", value: `${left} of 10` }]} />
        {left <= FEW && (
          <Notice tone="warning">
            {left === 0 ? "There is none left" : "There are few left"}: make new ones before you need them.
          </Notice>
        )}
        <div>
          <Submit tone="quiet">Make New Ones</Submit>
        </div>
      </ActionForm>
    </Card>
  );
}

/** What has just been done. Words of ours only: nothing from the address is shown. */
function Done({ what }: { what: string | string[] | undefined }) {
  const sentence = typeof what === "string" && Object.hasOwn(SENTENCES, what) ? SENTENCES[what] : undefined;
  if (!sentence) return null;
  return (
    <Notice tone="success" role="status">
      {sentence}
    </Notice>
  );
}

const SENTENCES: Record<string, ReactNode> = {
  kept: (
    <>
      Your second factors stay. If it was not you who asked, somebody else knows your password:{" "}
      <a href="/account/password">change it now</a>.
    </>
  ),
  app: "The new authenticator app is set up. Codes of the one before do not work any more.",
  removed: "The authenticator app is removed.",
};
