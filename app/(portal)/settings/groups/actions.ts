"use server";

import { redirect } from "next/navigation";
import { changeGroup } from "#lib/groups/change-group.ts";
import { createGroup } from "#lib/groups/create-group.ts";
import { deleteGroup } from "#lib/groups/delete-group.ts";
import { getCalendar } from "#lib/groups/get-calendar.ts";
import { getGroup } from "#lib/groups/get-group.ts";
import { previewGroupChange } from "#lib/groups/preview-group-change.ts";
import { requireContext } from "#lib/web/context.ts";
import { submit, withoutSecrets } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";
import { localPath } from "#lib/web/local-path.ts";
import { reviewOf } from "./review-of.ts";
import { typedGroup, typedPreset } from "./typed-group.ts";

export async function createGroupAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { id } = await createGroup(ctx, typedGroup(input, await getCalendar(ctx)));
    redirect(localPath(`/settings/groups/${id}?saved=1`));
  });
}

/** One form with three buttons: see whom it takes something from or asks something of, go back to it, save it. */
export async function changeGroupAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const values = withoutSecrets(input);
    if (input.intent === "back") return { values };
    const calendar = await getCalendar(ctx);
    const { group: stood } = await getGroup(ctx, String(input.groupId));
    const wanted = (stood.preset ? typedPreset : typedGroup)(input, calendar, stood);
    if (input.intent !== "save") {
      const review = reviewOf(await previewGroupChange(ctx, wanted), calendar.timeZone);
      if (review) return { step: "review", values, facts: { review: JSON.stringify(review) } };
    }
    const { group } = await changeGroup(ctx, wanted);
    redirect(localPath(`/settings/groups/${group.id}?saved=${group.version}`));
  });
}

export async function deleteGroupAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    await deleteGroup(ctx, input);
    redirect(localPath("/settings/groups?deleted"));
  });
}
