import type { ReactNode } from "react";
import { Glyph, type Tone } from "#components/ui/glyph.tsx";

type NoticeProps = {
  tone?: Tone;
  title?: string;
  /** "status" or "alert" where it appears while the person is on the page. */
  role?: "status" | "alert" | "note";
  children?: ReactNode;
};

export function Notice({ tone = "info", title, role, children }: NoticeProps) {
  return (
    <div role={role} className={`notice tone-${tone}`}>
      <Glyph tone={tone} className="glyph text-tone" />
      <div className="grid gap-1">
        {title && <p className="font-semibold">{title}</p>}
        {children && <div>{children}</div>}
      </div>
    </div>
  );
}
