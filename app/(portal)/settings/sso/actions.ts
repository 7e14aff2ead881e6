"use server";

import { redirect } from "next/navigation";
import { checkDraft } from "#lib/auth/sso/check-draft.ts";
import { addGroupRule } from "#lib/auth/sso/connections/add-group-rule.ts";
import { changeConnection } from "#lib/auth/sso/connections/change-connection.ts";
import { createConnection } from "#lib/auth/sso/connections/create-connection.ts";
import { discardDraft } from "#lib/auth/sso/connections/discard-draft.ts";
import { moveGroupRule } from "#lib/auth/sso/connections/move-group-rule.ts";
import { putIntoService } from "#lib/auth/sso/connections/put-into-service.ts";
import { removeGroupRule } from "#lib/auth/sso/connections/remove-group-rule.ts";
import { retireConnection } from "#lib/auth/sso/connections/retire-connection.ts";
import { rollBack } from "#lib/auth/sso/connections/roll-back.ts";
import { saveDraft } from "#lib/auth/sso/connections/save-draft.ts";
import { addDomain } from "#lib/auth/sso/domains/add-domain.ts";
import { removeDomain } from "#lib/auth/sso/domains/remove-domain.ts";
import { verifyDomain } from "#lib/auth/sso/domains/verify-domain.ts";
import { revokeSetupLink } from "#lib/auth/sso/setup/revoke-setup-link.ts";
import { sendSetupLink } from "#lib/auth/sso/setup/send-setup-link.ts";
import { requireContext } from "#lib/web/context.ts";
import { submit, withoutSecrets } from "#lib/web/form.ts";
import type { FormState } from "#lib/web/form-state.ts";
import { localPath } from "#lib/web/local-path.ts";

export async function createConnectionAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { id } = await createConnection(ctx, input);
    redirect(localPath(`/settings/sso/${id}/values`));
  });
}

export async function changeConnectionAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { connection } = await changeConnection(ctx, input);
    redirect(localPath(`/settings/sso/${connection.id}/people?saved=${connection.version}`));
  });
}

export async function saveDraftAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { connectionId } = await saveDraft(ctx, input);
    redirect(localPath(`/settings/sso/${connectionId}/test?saved`));
  });
}

export async function discardDraftAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    if (input.intent === "cancel") return {};
    if (input.intent !== "confirmed") return { step: "confirm", values: withoutSecrets(input) };
    const { connectionId } = await discardDraft(ctx, input);
    redirect(localPath(`/settings/sso/${connectionId}?discarded`));
  });
}

export async function checkDraftAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { checks } = await checkDraft(ctx, input);
    return { values: withoutSecrets(input), facts: { checks: JSON.stringify(checks) } };
  });
}

export async function putIntoServiceAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { connectionId } = await putIntoService(ctx, input);
    redirect(localPath(`/settings/sso/${connectionId}?live`));
  });
}

export async function rollBackAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    if (input.intent === "cancel") return {};
    if (input.intent !== "confirmed") return { step: "confirm", values: withoutSecrets(input) };
    const { connectionId } = await rollBack(ctx, input);
    redirect(localPath(`/settings/sso/${connectionId}?back`));
  });
}

export async function retireConnectionAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    await retireConnection(ctx, input);
    redirect(localPath("/settings/sso?retired"));
  });
}

export async function addGroupRuleAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { connectionId } = await addGroupRule(ctx, input);
    redirect(localPath(`/settings/sso/${connectionId}/people?rule=added`));
  });
}

export async function moveGroupRuleAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { connectionId } = await moveGroupRule(ctx, input);
    redirect(localPath(`/settings/sso/${connectionId}/people?rule=moved`));
  });
}

export async function removeGroupRuleAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { connectionId } = await removeGroupRule(ctx, input);
    redirect(localPath(`/settings/sso/${connectionId}/people?rule=removed`));
  });
}

export async function addDomainAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { connectionId } = await addDomain(ctx, input);
    redirect(localPath(`/settings/sso/${connectionId}/domains?done=added`));
  });
}

export async function verifyDomainAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { connectionId } = await verifyDomain(ctx, input);
    redirect(localPath(`/settings/sso/${connectionId}/domains?done=proven`));
  });
}

export async function removeDomainAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    if (input.intent === "cancel") return {};
    if (input.intent !== "confirmed") return { step: "confirm", values: withoutSecrets(input) };
    const { connectionId } = await removeDomain(ctx, input);
    redirect(localPath(`/settings/sso/${connectionId}/domains?done=removed`));
  });
}

export async function sendSetupLinkAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { connectionId } = await sendSetupLink(ctx, input);
    redirect(localPath(`/settings/sso/${connectionId}/setup-link?sent`));
  });
}

export async function revokeSetupLinkAction(_: FormState, form: FormData): Promise<FormState> {
  const ctx = await requireContext();
  return submit(form, async (input) => {
    const { connectionId } = await revokeSetupLink(ctx, input);
    redirect(localPath(`/settings/sso/${connectionId}/setup-link?ended`));
  });
}
