"use client";

import { use } from "react";
import { FormContext } from "#components/form/form-context.ts";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { Consequences, type Simulated } from "#components/settings/consequences.tsx";
import { type Difference, Differences } from "#components/settings/differences.tsx";
import { Card } from "#components/ui/card.tsx";

/** What the form's action found out, in the fact "review". */
export type Review = { changes: Difference[]; simulation: Simulated; leaked: boolean };

/** The step before saving: what changes, and what it would ask of whom. `fields` are the form's, kept as they were. */
export function ReviewStep({ fields }: { fields: string[] }) {
  const { facts } = use(FormContext).state;
  if (facts?.review === undefined) return null;
  const { changes, simulation, leaked } = JSON.parse(facts.review) as Review;
  return (
    <>
      {fields.map((name) => (
        <Hidden key={name} name={name} />
      ))}
      <div>
        {/* Without JavaScript the step is a new page, and begins at its top. */}
        {/* biome-ignore lint/a11y/noAutofocus: the step appears only after the person asked for it. */}
        <h2 tabIndex={-1} autoFocus className="text-lg">
          Before you save
        </h2>
        <p className="mt-1 max-w-prose text-ink-muted text-sm">
          Nothing is saved yet. This is what your choices would do.
        </p>
      </div>
      <Consequences simulation={simulation} leaked={leaked} />
      <Card title="What changes" flush>
        <Differences changes={changes} />
      </Card>
      <div className="form-actions">
        <Submit name="intent" value="save">
          Save
        </Submit>
        <Submit name="intent" value="back" tone="quiet">
          Back
        </Submit>
      </div>
    </>
  );
}
