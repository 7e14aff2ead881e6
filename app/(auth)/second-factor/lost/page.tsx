import type { ReactNode } from "react";
import { ActionForm } from "#components/form/action-form.tsx";
import { Submit } from "#components/form/submit.tsx";
import { SignedOutLayout } from "#components/layout/signed-out-layout.tsx";
import { Moment } from "#components/ui/moment.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { describeLostDevice, type LostDevice } from "#lib/auth/lost-device/describe-lost-device.ts";
import { pendingContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { supportLine } from "../../support-line.tsx";
import { deviceLostAction } from "./actions.ts";

export const metadata = { title: "Lost device" };

type Obstacle = Extract<LostDevice, { state: "obstacle" }>["obstacle"];

export default async function LostDevicePage() {
  const ctx = await pendingContext("second_factor");
  const { tenant } = ctx;
  const lost = await load(describeLostDevice(ctx));

  return (
    <SignedOutLayout
      firmName={tenant.name}
      title="You have lost your device?"
      lead="Any second factor still does: another device with your passkey, or a recovery code."
      footer={await supportLine(ctx)}
    >
      {contentOf(lost, tenant.name)}
      <p className="mt-6">
        <a href="/second-factor">I have it after all</a>
      </p>
    </SignedOutLayout>
  );
}

function contentOf(lost: LostDevice, firmName: string): ReactNode {
  if (lost.state === "obstacle") return <AskFirm firmName={firmName} obstacle={lost.obstacle} />;
  if (lost.state === "held") return <Held until={lost.heldUntil} />;
  return <Ask firmName={firmName} asked={lost.state === "asked"} maskedAddress={lost.maskedAddress} />;
}

type AskProps = { firmName: string; asked: boolean; maskedAddress: string };

function Ask({ firmName, asked, maskedAddress }: AskProps) {
  if (asked) {
    return (
      <Notice tone="success" title="Look into your mailbox">
        <p>
          An e-mail is on its way to <strong>{maskedAddress}</strong>. Open its link and type its code.
          Nothing came after 15 minutes? Ask again here.
        </p>
      </Notice>
    );
  }
  return (
    <>
      <ol className="mb-6 grid list-decimal gap-2 ps-5">
        <li>
          We send an e-mail to <strong>{maskedAddress}</strong>. You open its link and type its code.
        </li>
        <li>24 hours later all your second factors are taken away, and you are signed out everywhere.</li>
        <li>You sign in with your password, and set up a new second factor.</li>
      </ol>
      <p className="mb-6 text-ink-muted text-sm">
        Until then it can be stopped: by you, and by {firmName}, who see that you have asked.
      </p>
      <ActionForm action={deviceLostAction} label="Lost device">
        <Submit wide>I Have Lost My Device</Submit>
      </ActionForm>
    </>
  );
}

function Held({ until }: { until: Date }) {
  return (
    <Notice tone="warning" title="Your second factors will be taken away">
      <p>
        On{" "}
        <strong>
          <Moment at={until} />
        </strong>
        . Sign in again after that. If it was not you who asked for it, sign in with your device now: that
        stops it. Then change your password.
      </p>
    </Notice>
  );
}

const WHY: Record<Obstacle, string> = {
  switched_off: "Here, it is your firm that takes second factors away.",
  no_address: "Your account has no e-mail address to which we could write.",
  password_by_mail:
    "Your password was chosen by e-mail a short while ago. A mailbox alone must not be enough to take second factors away.",
  temporary_password:
    "You have signed in with a temporary password. That must not be enough to take second factors away.",
};

function AskFirm({ firmName, obstacle }: { firmName: string; obstacle: Obstacle }) {
  return (
    <Notice tone="warning" title={`Ask ${firmName}`}>
      <p>{WHY[obstacle]} Somebody there can help you, once they are sure that it is you.</p>
    </Notice>
  );
}
