"use client";

import { ConfirmStep } from "#components/api-tokens/confirm-step.tsx";
import { ActionForm } from "#components/form/action-form.tsx";
import { Submit } from "#components/form/submit.tsx";
import { VisuallyHidden } from "#components/ui/visually-hidden.tsx";
import type { FormState } from "#lib/web/form-state.ts";

type RevokeTokenProps = {
  action: (state: FormState, form: FormData) => Promise<FormState>;
  token: { id: string; hint: string };
  /** Where to be afterwards. */
  back: string;
};

/** Ends a token at once, after one more question. */
export function RevokeToken({ action, token, back }: RevokeTokenProps) {
  const confirm = (
    <ConfirmStep title={`Revoke ${token.hint}…?`} press="Revoke" tone="danger">
      <p>Programs that use it are refused from their next request on. It does not come back.</p>
    </ConfirmStep>
  );
  return (
    <ActionForm action={action} label={`Revoke ${token.hint}…`} className="grid gap-3" steps={{ confirm }}>
      <input type="hidden" name="tokenId" value={token.id} />
      <input type="hidden" name="back" value={back} />
      <div>
        <Submit tone="quiet" size="small">
          Revoke<VisuallyHidden> {token.hint}…</VisuallyHidden>
        </Submit>
      </div>
    </ActionForm>
  );
}
