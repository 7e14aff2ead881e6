import type { ReactNode } from "react";
import { type ButtonTone, buttonClass } from "#components/ui/button-class.ts";

type ButtonLinkProps = {
  href: string;
  children: ReactNode;
  tone?: ButtonTone;
  size?: "medium" | "small";
  wide?: boolean;
};

/** A link that looks like a button: it goes somewhere and changes nothing. */
export function ButtonLink({ href, children, ...look }: ButtonLinkProps) {
  return (
    <a href={href} className={buttonClass(look)}>
      {children}
    </a>
  );
}
