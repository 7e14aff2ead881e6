"use client";

import { use } from "react";
import { FormContext } from "#components/form/form-context.ts";
import { Submit } from "#components/form/submit.tsx";
import { Notice } from "#components/ui/notice.tsx";

/** What the form's action found out, in the fact "review". */
export type GroupReview = {
  /** How many would have to set up a second factor, from which day where it lies ahead, and who of them first. */
  enrolling: number;
  enrollingFrom?: string;
  enrollingNames: string[];
  removed: string[];
  added: string[];
  affected: number;
  names: string[];
  own: boolean;
};

/** The step before a change takes something from people: what, from how many, and who they are. */
export function GroupReviewStep() {
  const { values = {}, facts } = use(FormContext).state;
  if (facts?.review === undefined) return null;
  const review = JSON.parse(facts.review) as GroupReview;
  const { removed, added, affected, names, own } = review;
  const takes = removed.length > 0;
  return (
    <>
      {Object.entries(values).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <div>
        {/* Without JavaScript the step is a new page, and begins at its top. */}
        {/* biome-ignore lint/a11y/noAutofocus: the step appears only after the person asked for it. */}
        <h2 tabIndex={-1} autoFocus className="text-lg">
          Before you save
        </h2>
        <p className="mt-1 max-w-prose text-ink-muted text-sm">
          Nothing is saved yet. {whom(affected, names)}
        </p>
      </div>
      <Enrolling review={review} />
      {own && takes && (
        <Notice tone="warning" title="This is your own security group">
          You lose it too, and may not be able to give it back to yourself.
        </Notice>
      )}
      <Sentences title="They can no longer" sentences={removed} />
      <Sentences title="They can from now on" sentences={added} />
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

function Enrolling({ review: { enrolling, enrollingFrom, enrollingNames } }: { review: GroupReview }) {
  if (enrolling === 0) return null;
  const people = enrolling === 1 ? "1 person" : `${enrolling} people`;
  const others = enrolling - enrollingNames.length;
  return (
    <Notice
      tone="warning"
      title={
        enrollingFrom
          ? `From ${enrollingFrom} on this would ask ${people} to set up a second factor.`
          : `This would ask ${people} to set up a second factor at their next sign-in.`
      }
    >
      {enrollingNames.length > 0 && (
        <p>
          {enrollingNames.join(", ")}
          {others > 0 && ` and ${others} more`}
        </p>
      )}
    </Notice>
  );
}

function Sentences({ title, sentences }: { title: string; sentences: string[] }) {
  if (sentences.length === 0) return null;
  return (
    <div className="grid gap-2">
      <h3 className="font-semibold text-sm">{title}</h3>
      <ul className="grid list-disc gap-1 ps-5">
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </div>
  );
}

function whom(affected: number, names: string[]): string {
  const people = affected === 1 ? "1 person is" : `${affected} people are`;
  const rest = affected - names.length;
  const named = rest > 0 && names.length > 0 ? [...names, `${rest} more`] : names;
  const who = named.length > 0 ? `: ${named.join(", ")}` : "";
  return `${people} affected, from the next page that they open${who}.`;
}
