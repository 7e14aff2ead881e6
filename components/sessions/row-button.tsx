"use client";

import { ActionForm } from "#components/form/action-form.tsx";
import { Submit } from "#components/form/submit.tsx";
import { VisuallyHidden } from "#components/ui/visually-hidden.tsx";
import type { FormState } from "#lib/web/form-state.ts";

type RowButtonProps = {
  action: (state: FormState, form: FormData) => Promise<FormState>;
  fields: Record<string, string>;
  press: string;
  /** What it is about, for whoever does not see the row. */
  about: string;
};

/** The button in a row that ends or forgets what stands in it. */
export function RowButton({ action, fields, press, about }: RowButtonProps) {
  return (
    <ActionForm action={action} label={`${press}: ${about}`} className="grid justify-items-start gap-2">
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <Submit tone="quiet" size="small">
        {press}
        <VisuallyHidden>: {about}</VisuallyHidden>
      </Submit>
    </ActionForm>
  );
}
