import type { ReactNode } from "react";
import { type ButtonTone, buttonClass } from "#components/ui/button-class.ts";

type FormButtonProps = {
  /** The path it opens. */
  action: string;
  children: ReactNode;
  /** The query it opens it with. */
  fields?: Record<string, string>;
  tone?: ButtonTone;
  size?: "medium" | "small";
  wide?: boolean;
};

/** A real button that opens a page, with no script: for "Got it" and the like, where people are told to press a button. */
export function FormButton({ action, children, fields = {}, ...look }: FormButtonProps) {
  return (
    <form method="get" action={action} className={look.wide ? "w-full" : undefined}>
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <button type="submit" className={buttonClass(look)}>
        {children}
      </button>
    </form>
  );
}
