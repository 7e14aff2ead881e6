import { createContext, useContext } from "react";
import { type FormState, initialFormState } from "#lib/web/form-state.ts";

export const FormContext = createContext<{ id?: string; state: FormState }>({ state: initialFormState });

/** The control's attributes, value and errors, as the surrounding ActionForm knows them. */
export function useField(name: string, hint?: unknown, note?: unknown, elsewhere?: string) {
  const { id: formId, state } = useContext(FormContext);
  const id = fieldId(formId, name);
  const errors = state.fieldErrors?.[name] ?? [];
  const described = [
    errors.length > 0 && `${id}-error`,
    hint && `${id}-hint`,
    note && `${id}-note`,
    elsewhere,
  ];
  return {
    id,
    errors,
    answered: state.values !== undefined,
    value: state.values?.[name],
    control: {
      id,
      name,
      "aria-invalid": errors.length > 0 || undefined,
      "aria-describedby": described.filter(Boolean).join(" ") || undefined,
    },
  };
}

export function fieldId(formId: string | undefined, name: string) {
  return formId ? `${formId}-${name}` : name;
}
