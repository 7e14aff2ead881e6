"use client";

import { useField } from "#components/form/form-context.ts";

/** Carries a value from one step of a form to the next: what the last answer returned, else `value`. */
export function Hidden({ name, value = "" }: { name: string; value?: string }) {
  const { value: kept } = useField(name);
  return <input type="hidden" name={name} value={kept ?? value} />;
}
