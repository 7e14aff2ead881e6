"use client";

import type { ReactNode } from "react";
import { useFormStatus } from "react-dom";
import { type ButtonTone, buttonClass } from "#components/ui/button-class.ts";

type SubmitProps = {
  children: ReactNode;
  tone?: ButtonTone;
  size?: "medium" | "small";
  wide?: boolean;
  /** Sent with the form, to tell its buttons apart. */
  name?: string;
  value?: string;
  describedBy?: string;
};

/** The button of a form. It stays focusable while pending, and a second press does nothing. */
export function Submit({ children, tone = "primary", size, wide, name, value, describedBy }: SubmitProps) {
  const { pending } = useFormStatus();
  return (
    <button
      type="submit"
      name={name}
      value={value}
      aria-disabled={pending || undefined}
      aria-describedby={describedBy}
      onClick={(event) => pending && event.preventDefault()}
      className={buttonClass({ tone, size, wide })}
    >
      {children}
    </button>
  );
}
