import { SignedOutLayout } from "#components/layout/signed-out-layout.tsx";
import { DialogCard } from "#components/ui/dialog-card.tsx";
import { FormButton } from "#components/ui/form-button.tsx";
import type { DeadReason } from "#lib/auth/tokens/find-secret.ts";
import { visitorContext } from "#lib/web/context.ts";
import { supportLine } from "./support-line.tsx";

type Notice = { title: string; text: string };

/** What a link was for: choosing a password, or stopping what somebody else has done. */
type Aim =
  | "password"
  | "freeze"
  | "hold"
  | "lost_device"
  | "factor_hold"
  | "firm_link"
  | "email"
  | "email_undo";

const PASSWORD: Record<DeadReason, Notice> = {
  expired: {
    title: "This link has expired",
    text: "Links work for a limited time. Nothing has been changed. Ask for a new one.",
  },
  used: {
    title: "This link has been used",
    text: "A link works once. If you did not use it, ask for a new one now.",
  },
  superseded: {
    title: "A newer link has been sent",
    text: "Only the newest e-mail works. Look for it, or ask for another one.",
  },
  exhausted: {
    title: "Too many wrong codes",
    text: "This link no longer works, so that nobody can guess its code. Your password has not been changed.",
  },
  unknown: {
    title: "This link does not work",
    text: "It may be incomplete, or no longer yours to use. Copy the whole link from the e-mail, or ask for a new one.",
  },
};

const STOP = {
  exhausted: {
    title: "Too many wrong codes",
    text: "This link no longer works, so that nobody can guess its digits. Nothing has been changed: tell your firm.",
  },
  superseded: {
    title: "This link does not work",
    text: "It is no longer needed. If you are in doubt, tell your firm.",
  },
  unknown: {
    title: "This link does not work",
    text: "It may be incomplete, or settled already. Copy the whole link from the e-mail. If that does not help, tell your firm.",
  },
};

const NOTICES: Record<Aim, Record<DeadReason, Notice>> = {
  password: PASSWORD,
  freeze: {
    ...STOP,
    expired: {
      title: "This link has expired",
      text: "The account can no longer be frozen by it. If something is wrong, reset your password and tell your firm.",
    },
    used: {
      title: "This link has been used",
      text: "The account was frozen by it. Your firm looks into it, and opens the account again.",
    },
  },
  hold: {
    ...STOP,
    expired: {
      title: "This link has expired",
      text: "The day in which the new address could be stopped is over. If it is wrong, tell your firm.",
    },
    used: { title: "This link has been used", text: "The new address was stopped by it. Your firm knows." },
  },
  lost_device: {
    ...STOP,
    expired: {
      title: "This link has expired",
      text: "Nothing has been changed. Sign in with your password and say again that your device is lost.",
    },
    used: {
      title: "This link has been used",
      text: "Your second factors are taken away a day after that. Another e-mail tells you how to stop it.",
    },
    exhausted: {
      title: "Too many wrong codes",
      text: "This link no longer works, so that nobody can guess its code. Nothing has been changed.",
    },
  },
  factor_hold: {
    ...STOP,
    expired: {
      title: "This link has expired",
      text: "The day in which it could be stopped is over. If it was not you, tell your firm.",
    },
    used: { title: "This link has been used", text: "It was stopped by it: your second factors stay." },
  },
  firm_link: {
    expired: {
      title: "This link has expired",
      text: "Nothing has been linked. Ask for another e-mail where you asked for this one.",
    },
    used: {
      title: "This link has been used",
      text: "The two firms are linked by it. You see both on your start page, and can end that in your settings.",
    },
    superseded: {
      title: "This link does not work",
      text: "Nothing has been linked. Ask for another e-mail where you asked for this one.",
    },
    exhausted: {
      title: "Too many wrong codes",
      text: "This link no longer works, so that nobody can guess its digits. Nothing has been linked.",
    },
    unknown: {
      title: "This link does not work",
      text: "It may be incomplete, or one of the two accounts has changed since. Nothing has been linked: ask for another e-mail where you asked for this one.",
    },
  },
  email: {
    ...STOP,
    expired: {
      title: "This link has expired",
      text: "The address has not been changed. Sign in and ask for a new e-mail on your profile.",
    },
    used: { title: "This link has been used", text: "The new address is the address of the account." },
    superseded: {
      title: "A newer link has been sent",
      text: "Only the newest e-mail works. Look for it, or ask for another one on your profile.",
    },
  },
  email_undo: {
    ...STOP,
    expired: {
      title: "This link has expired",
      text: "The days in which the change could be undone are over. If it is wrong, tell your firm.",
    },
    used: { title: "This link has been used", text: "The change was undone by it." },
  },
};

/** Where a new password is of help. */
const RESETS: Aim[] = ["password", "freeze"];

type DeadLinkProps = { firmName: string; state: DeadReason; aim?: Aim };

/** Why a mailed link no longer works, and what to do now (002-10). */
export async function DeadLink({ firmName, state, aim = "password" }: DeadLinkProps) {
  const { title, text } = NOTICES[aim][state];
  return (
    <SignedOutLayout firmName={firmName} bare footer={await supportLine(await visitorContext())}>
      <DialogCard
        title={title}
        tone="warning"
        actions={
          <>
            {RESETS.includes(aim) && (
              <FormButton action="/forgot-password" fields={{ again: "" }} tone="warm">
                Reset Password
              </FormButton>
            )}
            <FormButton action="/sign-in">Back to sign in</FormButton>
          </>
        }
      >
        <p>{text}</p>
      </DialogCard>
    </SignedOutLayout>
  );
}
