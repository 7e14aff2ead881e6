"use server";

import { redirect } from "next/navigation";
import { createMember } from "#lib/members/create-member-account.ts";
import { requireContext } from "#lib/web/context.ts";
import { submit, type Typed } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";
import { localPath } from "#lib/web/local-path.ts";

export async function createMemberAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { id, invited } = await createMember(ctx, { ...input, clientIds: tickedClients(input) });
    const done = invited ? "invited" : input.invite ? "not-invited" : "created";
    redirect(localPath(`/members/${id}/profile?done=${done}`));
  });
}

/** Each client's box has a name of its own. */
function tickedClients(input: Typed): string[] {
  return Object.keys(input)
    .filter((name) => name.startsWith("client-"))
    .map((name) => name.slice("client-".length));
}
