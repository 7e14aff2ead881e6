import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";

type BadgeTone = "neutral" | "info" | "warning" | "error";

export type Place = {
  /** Undefined where nobody gets in now: then it is no link. */
  href: string | undefined;
  name: string;
  detail: string;
  icon: ReactNode;
  /** What is still asked for there. */
  need?: { label: string; tone: BadgeTone } | undefined;
};

/** Where somebody may go from here, one large link a place. */
export function PlaceList({ label, places }: { label: string; places: Place[] }) {
  return (
    <section aria-label={label} className="place-list">
      <h2 className="font-semibold text-ink-muted text-sm">{label}</h2>
      <ul className="place-list">
        {places.map((place) => (
          <li key={place.href ?? place.name}>
            {place.href === undefined ? (
              <div className="card place place-closed">
                <PlaceText {...place} />
              </div>
            ) : (
              <a href={place.href} className="card place">
                <PlaceText {...place} />
                <ChevronRight aria-hidden="true" size={20} className="shrink-0" />
              </a>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function PlaceText({ name, detail, icon, need }: Place) {
  return (
    <>
      <span aria-hidden="true" className="place-mark">
        {icon}
      </span>
      <span className="place-text">
        <span className="min-w-0">
          <span className="block font-semibold">{name}</span>
          <span className="block text-ink-muted text-sm">{detail}</span>
        </span>
        {need && <Badge tone={need.tone}>{need.label}</Badge>}
      </span>
    </>
  );
}
