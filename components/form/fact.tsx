"use client";

import { use } from "react";
import { FormContext } from "#components/form/form-context.ts";

/** A fact that the form's last answer brought, such as the masked address. */
export function Fact({ name }: { name: string }) {
  return use(FormContext).state.facts?.[name] ?? null;
}
