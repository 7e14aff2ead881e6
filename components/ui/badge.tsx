import type { ReactNode } from "react";

type BadgeProps = {
  tone?: "neutral" | "info" | "success" | "warning" | "error";
  children: ReactNode;
};

/** A state in one or two words. The words say it; the colour only repeats it. */
export function Badge({ tone = "neutral", children }: BadgeProps) {
  return <span className={`badge tone-${tone}`}>{children}</span>;
}
