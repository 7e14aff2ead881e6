"use client";

import type { ReactNode } from "react";
import { ConfirmStep } from "#components/api-tokens/confirm-step.tsx";
import { ActionForm } from "#components/form/action-form.tsx";
import { Submit } from "#components/form/submit.tsx";
import type { FormState } from "#lib/web/form-state.ts";

type AskFirstProps = {
  action: (state: FormState, form: FormData) => Promise<FormState>;
  /** What is pressed, and what it sends. */
  press: string;
  fields?: Record<string, string>;
  /** What is asked then, and what is pressed to go on. */
  question: string;
  confirm: string;
  /** What comes of it. */
  children: ReactNode;
};

/** A button for what ends many things at once: it asks once more, by a step that needs no script. */
export function AskFirst({ action, press, fields = {}, question, confirm, children }: AskFirstProps) {
  const asked = (
    <ConfirmStep title={question} press={confirm} tone="danger">
      {children}
    </ConfirmStep>
  );
  return (
    <ActionForm action={action} label={press} className="grid gap-3" steps={{ confirm: asked }}>
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <div>
        <Submit tone="quiet">{press}</Submit>
      </div>
    </ActionForm>
  );
}
