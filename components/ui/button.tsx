import type { ComponentProps } from "react";
import { type ButtonTone, buttonClass } from "#components/ui/button-class.ts";

type ButtonProps = Omit<ComponentProps<"button">, "className" | "style"> & {
  tone?: ButtonTone;
  size?: "medium" | "small";
  wide?: boolean;
};

export function Button({ tone, size, wide, type = "button", ...button }: ButtonProps) {
  return <button {...button} type={type} className={buttonClass({ tone, size, wide })} />;
}
