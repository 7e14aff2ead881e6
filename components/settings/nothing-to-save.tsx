"use client";

import { use } from "react";
import { FormContext } from "#components/form/form-context.ts";
import { Notice } from "#components/ui/notice.tsx";

/** What a form says when the options in it count already: the step "unchanged". */
export function NothingToSave() {
  if (use(FormContext).state.step !== "unchanged") return null;
  return (
    // Without JavaScript the answer is a new page, and begins at its top.
    // biome-ignore lint/a11y/noAutofocus: it appears only after the person sent the form.
    <div data-focus tabIndex={-1} autoFocus>
      <Notice role="status" title="There is nothing to save">
        These options count already.
      </Notice>
    </div>
  );
}
