"use client";

import { useState } from "react";
import { useScripted } from "#components/form/use-scripted.ts";
import { Button } from "#components/ui/button.tsx";

type CopyButtonProps = { text: string; label?: string; size?: "medium" | "small" };

/** Copies a text, and says whether it did. It takes a script: without one it is not there. */
export function CopyButton({ text, label = "Copy", size }: CopyButtonProps) {
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
      </Button>
      <span role="status" className="text-sm">
        {said}
      </span>
    </>
  );
}
