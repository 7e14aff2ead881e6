"use client";

import { useEffect, useState } from "react";
import { Submit } from "#components/form/submit.tsx";
import type { FormState } from "#lib/web/form-state.ts";

/** There while the mail has not left: for whoever pressed in the row of another person of the same name (D5). */
export function UndoMail({ facts }: { facts: FormState["facts"] }) {
  const { emailId, seconds } = facts ?? {};
  const shown = useShownFor(Number(seconds) * 1000, emailId);
  if (!emailId || !shown) return null;
  return (
    <span className="undo">
      <span>Somebody else has the same name. It goes out in {seconds} seconds.</span>
      <Submit tone="plain" size="small" name="undo" value={emailId}>
        Undo
      </Submit>
    </span>
  );
}

/** True for so long after `what` came, and without a script for good. */
export function useShownFor(milliseconds: number, what: unknown) {
  const [overFor, setOverFor] = useState<unknown>();
  useEffect(() => {
    if (!what || !milliseconds) return;
    const timer = setTimeout(() => setOverFor(what), milliseconds);
    return () => clearTimeout(timer);
  }, [milliseconds, what]);
  return overFor !== what;
}
