"use server";

import { redirect } from "next/navigation";
import { assignStaff } from "#lib/clients/assign-staff.ts";
import { unassignStaff } from "#lib/clients/unassign-staff.ts";
import { requireContext } from "#lib/web/context.ts";
import { submit } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";
import { localPath } from "#lib/web/local-path.ts";

export async function assignStaffAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { id } = await assignStaff(ctx, input);
    redirect(localPath(`/clients/${id}/staff?done=assigned`));
  });
}

export async function unassignStaffAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { id, memberId } = await unassignStaff(ctx, input);
    // Whoever has taken themselves off may not see the client any more.
    const own = memberId === ctx.actor.memberId && ctx.actor.clientScope === "assigned";
    redirect(localPath(own ? "/clients" : `/clients/${id}/staff?done=unassigned`));
  });
}
