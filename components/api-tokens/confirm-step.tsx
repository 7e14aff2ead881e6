"use client";

import { type ReactNode, use, useId } from "react";
import { FormContext } from "#components/form/form-context.ts";
import { Submit } from "#components/form/submit.tsx";

type ConfirmStepProps = {
  title: string;
  /** What is done by it, as the button says. */
  press: string;
  tone?: "primary" | "danger";
  children: ReactNode;
};

/** The dialog before something that cannot be undone, as a step of its form: it needs no script. What was chosen stays. */
export function ConfirmStep({ title, press, tone, children }: ConfirmStepProps) {
  const { values = {} } = use(FormContext).state;
  const titleId = useId();
  return (
    <dialog open aria-labelledby={titleId} className="confirm-dialog">
      {Object.entries(values).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {/* Without JavaScript the step is a new page, and begins at its top. */}
      {/* biome-ignore lint/a11y/noAutofocus: the step appears only after the person asked for it. */}
      <h2 id={titleId} tabIndex={-1} autoFocus className="text-lg">
        {title}
      </h2>
      <div className="grid max-w-prose gap-2">{children}</div>
      <div className="flex flex-wrap gap-3">
        <Submit name="intent" value="confirmed" tone={tone}>
          {press}
        </Submit>
        <Submit name="intent" value="cancel" tone="quiet">
          Cancel
        </Submit>
      </div>
    </dialog>
  );
}
