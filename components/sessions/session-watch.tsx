"use client";

import { useId, useLayoutEffect, useRef, useState } from "react";
import type { SessionEnds } from "#components/sessions/session-stage.ts";
import { type SessionEnd, useSessionEnd } from "#components/sessions/use-session-end.ts";
import { Button } from "#components/ui/button.tsx";

/** Warns of the end of the session two minutes before, and lets it be put off (I3, WCAG 2.2.1). Without a script it just ends. */
export function SessionWatch({ ends }: { ends: SessionEnds }) {
  const session = useSessionEnd(ends);
  // What has been read of the end that nobody can put off is not said again.
  const [readOf, setReadOf] = useState(0);
  if (session.stage === "idle") return <IdleWarning {...session} />;
  if (session.stage === "last" && readOf !== session.end)
    return <LastWarning {...session} onRead={() => setReadOf(session.end)} />;
  return null;
}

function IdleWarning({ end, extend, announceSignOut }: SessionEnd) {
  const [away, setAway] = useState(false);
  const stay = async () => setAway(!(await extend()));
  return (
    <Warning title="Are you still there?" onEscape={stay}>
      {(describedBy) => (
        <>
          <p id={describedBy}>
            Nothing has been done here for a while. You will be signed out at <Clock at={end} />.
          </p>
          {away && <p role="alert">The portal cannot be reached just now. Please try again.</p>}
          <div className="flex flex-wrap gap-3">
            <Button data-first="" onClick={stay}>
              Stay signed in
            </Button>
            <SignOutNow onPress={announceSignOut} />
          </div>
        </>
      )}
    </Warning>
  );
}

function LastWarning({ end, announceSignOut, onRead }: SessionEnd & { onRead: () => void }) {
  return (
    <Warning title="Your session ends soon" onEscape={onRead}>
      {(describedBy) => (
        <>
          <p id={describedBy}>
            It has lasted as long as your firm allows, and ends at <Clock at={end} />. Save what you are
            doing, and sign in again then.
          </p>
          <div className="flex flex-wrap gap-3">
            <Button data-first="" onClick={onRead}>
              Go on until then
            </Button>
            <SignOutNow onPress={announceSignOut} />
          </div>
        </>
      )}
    </Warning>
  );
}

type WarningProps = {
  title: string;
  onEscape: () => void;
  children: (describedBy: string) => React.ReactNode;
};

/** A dialog over the page. Escape does what its first button does, which has the focus. */
function Warning({ title, onEscape, children }: WarningProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Before it is drawn, and before it is taken away: then the focus goes back to where it was.
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    shown?.querySelector<HTMLElement>("[data-first]")?.focus();
    return () => shown?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      role="alertdialog"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      className="session-warning"
      onCancel={(event) => {
        event.preventDefault();
        onEscape();
      }}
    >
      <h2 id={`${id}-title`} className="text-lg">
        {title}
      </h2>
      {children(`${id}-text`)}
    </dialog>
  );
}

function SignOutNow({ onPress }: { onPress: () => void }) {
  return (
    <form method="post" action="/sign-out" onSubmit={onPress}>
      <Button type="submit" tone="quiet">
        Sign out now
      </Button>
    </form>
  );
}

function Clock({ at }: { at: number }) {
  const moment = new Date(at);
  const time = moment.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  return <time dateTime={moment.toISOString()}>{time}</time>;
}
