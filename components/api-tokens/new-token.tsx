"use client";

import { use, useId } from "react";
import { FormContext } from "#components/form/form-context.ts";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Notice } from "#components/ui/notice.tsx";

type NewTokenProps = {
  /** Its page. */
  back: string;
  /** How it is called there. */
  what?: string;
};

/** The token that was generated, in the fact "token": it is in this answer, and nowhere else. */
export function NewToken({ back, what = "API token" }: NewTokenProps) {
  const id = useId();
  const { facts } = use(FormContext).state;
  if (facts?.token === undefined) return null;
  return (
    <div data-focus data-new-token className="grid gap-5">
      <Notice tone="success" role="status" title={`The ${what} is generated`}>
        Copy it now and keep it like a password. It is shown this once, and nobody can show it again.
      </Notice>
      <div className="field">
        <label htmlFor={id} className="field-label">
          New {what}
        </label>
        <input
          id={id}
          readOnly
          value={facts.token}
          autoComplete="off"
          spellCheck={false}
          data-1p-ignore=""
          data-lpignore="true"
          data-bwignore=""
          onFocus={(event) => event.currentTarget.select()}
          className="input font-mono"
        />
      </div>
      <div className="flex flex-wrap items-center gap-4">
        <CopyButton text={facts.token} />
        <a href={back}>Done</a>
      </div>
    </div>
  );
}
