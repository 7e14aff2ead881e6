"use client";

import { use, useEffect, useRef } from "react";
import { FormContext } from "#components/form/form-context.ts";
import { isDone } from "#components/form/form-summary.tsx";

/**
 * In an ActionForm: whoever changed something in it and leaves without saving is asked first (004-03). Without a script
 * leaving cancels, as the page says.
 */
export function AskBeforeLeaving() {
  const mark = useRef<HTMLSpanElement>(null);
  const { state } = use(FormContext);
  useEffect(() => {
    const form = mark.current?.closest("form");
    if (!form) return;
    // What came back with a problem is not saved either.
    let unsaved = state.values !== undefined && !isDone(state);
    const note = () => {
      unsaved = true;
    };
    const settle = () => {
      unsaved = false;
    };
    const ask = (event: BeforeUnloadEvent) => unsaved && event.preventDefault();
    form.addEventListener("input", note);
    form.addEventListener("submit", settle);
    window.addEventListener("beforeunload", ask);
    return () => {
      form.removeEventListener("input", note);
      form.removeEventListener("submit", settle);
      window.removeEventListener("beforeunload", ask);
    };
  }, [state]);
  return <span ref={mark} hidden />;
}
