"use server";

import { redirect } from "next/navigation";
import { invalid } from "#lib/core/errors.ts";
import { deleteMember } from "#lib/members/delete-member.ts";
import { eraseMember } from "#lib/members/erase-member.ts";
import { restoreMember } from "#lib/members/restore-member.ts";
import { requireContext } from "#lib/web/context.ts";
import { submit } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";
import { localPath } from "#lib/web/local-path.ts";

export async function deleteMemberAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { kind } = await deleteMember(ctx, input);
    redirect(localPath(`/${kind === "staff" ? "members" : "contacts"}?done=deleted`));
  });
}

export async function restoreMemberAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { id } = await restoreMember(ctx, input);
    redirect(localPath(`/members/${id}/profile?done=restored`));
  });
}

export async function eraseMemberAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    if (input.sure !== "on") throw invalid({ sure: ["Tick this first: erasing cannot be undone."] });
    const { kind } = await eraseMember(ctx, input);
    redirect(localPath(`/${kind === "staff" ? "members" : "contacts"}?state=deleted&done=erased`));
  });
}
