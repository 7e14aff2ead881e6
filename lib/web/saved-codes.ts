import "server-only";
import { redirect } from "next/navigation";
import type { FormState } from "./form-state.ts";
import { localPath } from "./local-path.ts";

/**
 * Leads on from recovery codes that are shown this once, as soon as their owner says that they are saved. Until then the form
 * keeps what its last answer holds: nobody else could show them again.
 */
export function goOnOnceSaved(before: FormState, form: FormData): FormState {
  if (form.get("saved") === "on") redirect(localPath(form.get("next")));
  const fieldErrors = { saved: ["Save the codes first, then tick this box."] };
  return { step: before.step, facts: before.facts, values: {}, fieldErrors };
}
