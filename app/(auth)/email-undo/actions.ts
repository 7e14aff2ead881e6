"use server";

import { redirect } from "next/navigation";
import { undoEmailChange } from "#lib/members/own/undo-email-change.ts";
import { visitorContext } from "#lib/web/context.ts";
import { COOKIES, clearCookie, readCookie } from "#lib/web/cookies.ts";
import { submit } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";
import { localPath } from "#lib/web/local-path.ts";

export async function undoEmailAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await visitorContext();
  return submit(form, async (input) => {
    const token = (await readCookie(COOKIES.emailUndo)) ?? "";
    const result = await undoEmailChange(ctx, { ...input, token });
    if (result.outcome === "dead") redirect(localPath("/email-undo"));
    if (result.outcome === "wrong_code") return wrongCode(result.attemptsLeft);
    await clearCookie(COOKIES.emailUndo);
    redirect(localPath("/email-undo?undone"));
  });
}

function wrongCode(attemptsLeft: number): FormState {
  if (attemptsLeft === 0) redirect(localPath("/email-undo"));
  const left = attemptsLeft === 1 ? "One try is left." : `${attemptsLeft} tries are left.`;
  return {
    message: "The change has not been undone.",
    fieldErrors: { code: [`These are not the digits of this e-mail. ${left}`] },
  };
}
