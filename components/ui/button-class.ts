export type ButtonTone = "primary" | "warm" | "danger" | "quiet" | "plain";

type ButtonLook = { tone?: ButtonTone; size?: "medium" | "small"; wide?: boolean };

/** One look for everything that is pressed, whether it is a button, a link or a submit. */
export function buttonClass({ tone = "quiet", size = "medium", wide = false }: ButtonLook) {
  const names = ["button", tone !== "quiet" && `button-${tone}`, size === "small" && "button-small"];
  return [...names, wide && "button-wide"].filter(Boolean).join(" ");
}
