"use client";

import { use } from "react";
import { ConfirmStep } from "#components/api-tokens/confirm-step.tsx";
import { FormContext } from "#components/form/form-context.ts";

/** The last look before SSO becomes the only way in: for whom, from when, and how many lose access by it. */
export function EnforceStep() {
  const { whom = "", when = "", people = "" } = use(FormContext).state.facts ?? {};
  return (
    <ConfirmStep title={`Only SSO lets ${whom} in?`} press="Require SSO" tone="danger">
      <p>
        {when}. {howMany(Number(people))}
      </p>
      <p>
        They are told by e-mail, now. Passwords, passkeys and resets do not open their accounts from then on.
      </p>
    </ConfirmStep>
  );
}

function howMany(people: number): string {
  if (people === 0) return "Nobody loses access by it.";
  if (people === 1) return "1 person loses access, and is signed out.";
  return `${people.toLocaleString("en-GB")} people lose access, and are signed out.`;
}
