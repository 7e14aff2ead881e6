"use client";

import { Checkbox } from "#components/form/checkbox.tsx";
import { FieldErrors } from "#components/form/field-frame.tsx";
import { useField } from "#components/form/form-context.ts";

type ScopeListProps = {
  /** What begins the name of each tick box. */
  prefix: string;
  scopes: { scope: string; sentence: string }[];
};

/** What a token may do: all that its owner may, as long as nothing is unticked. */
export function ScopeList({ prefix, scopes }: ScopeListProps) {
  const { id, errors } = useField("scopes");
  return (
    <details open={errors.length > 0} className="grid gap-3">
      <summary className="cursor-pointer font-semibold text-sm">What it may do</summary>
      <fieldset id={id} className="mt-3 grid gap-3">
        <legend className="field-hint mb-3">
          All of it, as long as nothing is unticked. It never does more than its owner may at that moment.
        </legend>
        <FieldErrors id={id} errors={errors} />
        {scopes.map(({ scope, sentence }) => (
          <Checkbox key={scope} name={`${prefix}${scope}`} label={sentence} defaultChecked />
        ))}
      </fieldset>
    </details>
  );
}
