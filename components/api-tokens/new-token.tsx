"use client";

import { use, useState } from "react";
import { FormContext } from "#components/form/form-context.ts";
import { useScripted } from "#components/form/use-scripted.ts";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";

/** The token that was generated, in the fact "token": it is in this answer, and nowhere else. `back` is its page. */
export function NewToken({ back }: { back: string }) {
  const { facts } = use(FormContext).state;
  if (facts?.token === undefined) return null;
  return (
    <div data-focus className="grid gap-5">
      <Notice tone="success" role="status" title="The API token is generated">
        Copy it now and keep it like a password. It is shown this once, and nobody can show it again.
      </Notice>
      <div className="field">
        <label htmlFor="new-api-token" className="field-label">
          New API token
        </label>
        <input
          id="new-api-token"
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

function CopyButton({ text }: { text: string }) {
  const scripted = useScripted();
  const [said, say] = useState("");
  if (!scripted) return null;
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => say("Copied."),
      () => say("It could not be copied. Select it and copy it yourself."),
    );
  return (
    <>
      <Button onClick={copy}>Copy</Button>
      <span role="status" className="text-sm">
        {said}
      </span>
    </>
  );
}
