"use client";

import { Checkbox } from "#components/form/checkbox.tsx";
import { FieldErrors } from "#components/form/field-frame.tsx";
import { useField } from "#components/form/form-context.ts";

type ScopeListProps = {
  /** Whose token it is, as the subject of a sentence. */
  owner: string;
  /** What begins the name of each tick box. */
  prefix: string;
  scopes: { scope: string; sentence: string }[];
};

/** What a token may do: all of it as one choice, or only some of it once that is unticked. */
export function ScopeList({ owner, prefix, scopes }: ScopeListProps) {
  const { id, errors } = useField("scopes");
  return (
    <fieldset id={id} className="grid gap-3">
      <legend className="mb-3 font-semibold text-sm">What it may do</legend>
      <p className="field-hint">It never does more than its owner may at that moment.</p>
      <FieldErrors id={id} errors={errors} />
      <Checkbox name={`${prefix}all`} label={`All that ${owner} may do`} defaultChecked />
      <details className="grid gap-3">
        <summary className="cursor-pointer text-sm">Or only some of it: untick the line above</summary>
        <div className="mt-3 grid gap-3">
          {scopes.map(({ scope, sentence }) => (
            <Checkbox key={scope} name={`${prefix}${scope}`} label={sentence} />
          ))}
        </div>
      </details>
    </fieldset>
  );
}
