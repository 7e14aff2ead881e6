import { type ReactNode, useId } from "react";
import { Glyph, type Tone } from "#components/ui/glyph.tsx";

type DialogCardProps = {
  title: string;
  tone: Tone;
  children: ReactNode;
  actions: ReactNode;
};

/** The notification dialog of a signed-out page: the page's one message, with its title as heading. It needs no script. */
export function DialogCard({ title, tone, children, actions }: DialogCardProps) {
  const titleId = useId();
  return (
    <dialog open aria-labelledby={titleId} className={`card dialog-card tone-${tone}`}>
      <span className="dialog-card-mark">
        <Glyph tone={tone} className="size-6" />
      </span>
      <h1 id={titleId} className="mt-5">
        {title}
      </h1>
      <div className="mt-2 grid gap-3 text-ink-muted">{children}</div>
      <div className="mt-7 flex flex-wrap gap-3">{actions}</div>
    </dialog>
  );
}
