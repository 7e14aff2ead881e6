"use client";

import { useEffect, useState } from "react";
import type { Strength } from "#lib/policy/password-strength.ts";

type Reading = { strength: Strength; step: number; steps: number };

type StrengthMeterProps = {
  /** The id of the password field that it reads. */
  field: string;
  /** Words that anybody would try first, separated by spaces. */
  words: string;
};

/**
 * Poor to Excellent while a new password is typed (003-07), by the function that the server judges with. It is loaded
 * when the field gets the focus; the server's verdict is the one that counts.
 */
export function StrengthMeter({ field, words }: StrengthMeterProps) {
  const [reading, setReading] = useState<Reading>();
  useEffect(() => watch(field, words, setReading), [field, words]);

  return (
    <div className="strength">
      {reading && (
        <meter
          min={0}
          low={3}
          high={4}
          optimum={5}
          max={reading.steps}
          value={reading.step}
          aria-hidden="true"
        />
      )}
      <span role="status">{reading && `Strength: ${reading.strength}`}</span>
    </div>
  );
}

/** A pause in typing, so that neither the page nor a screen reader follows each key. */
const PAUSE_MS = 150;

function watch(field: string, words: string, show: (reading: Reading | undefined) => void) {
  const input = document.getElementById(field);
  if (!(input instanceof HTMLInputElement)) return undefined;
  let pause: ReturnType<typeof setTimeout> | undefined;
  const judge = async () => {
    const { passwordStrength, STRENGTHS } = await import("#lib/policy/password-strength.ts");
    if (input.value === "") return show(undefined);
    const strength = passwordStrength(input.value.normalize("NFC"), words.split(" "));
    show({ strength, step: STRENGTHS.indexOf(strength) + 1, steps: STRENGTHS.length });
  };
  const later = () => {
    clearTimeout(pause);
    pause = setTimeout(() => void judge(), PAUSE_MS);
  };
  // React empties the form after each answer; what it said of the old text goes with it.
  const forget = () => show(undefined);
  const { form } = input;
  input.addEventListener("focus", later);
  input.addEventListener("input", later);
  form?.addEventListener("reset", forget);
  return () => {
    clearTimeout(pause);
    input.removeEventListener("focus", later);
    input.removeEventListener("input", later);
    form?.removeEventListener("reset", forget);
  };
}
