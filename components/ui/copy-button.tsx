"use client";

import { useState } from "react";
import { useScripted } from "#components/form/use-scripted.ts";
import { Button } from "#components/ui/button.tsx";
import { VisuallyHidden } from "#components/ui/visually-hidden.tsx";

type CopyButtonProps = {
  text: string;
  label?: string;
  /** What it copies, for whoever does not see what stands beside it. */
  about?: string;
  size?: "medium" | "small";
};

/** Copies a text, and says whether it did. It takes a script: without one it is not there. */
export function CopyButton({ text, label = "Copy", about, size }: CopyButtonProps) {
  const scripted = useScripted();
  const [said, say] = useState("");
  if (!scripted) return null;
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => say("Copied."),
      () => say("It could not be copied. Select it and copy it yourself."),
    );
  return (
    <>
      <Button onClick={copy} size={size}>
        {label}
        {about && <VisuallyHidden> {about}</VisuallyHidden>}
      </Button>
      <span role="status" className="text-sm">
        {said}
      </span>
    </>
  );
}
