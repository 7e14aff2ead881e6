import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";

export type Place = { href: string; name: string; detail: string; icon: ReactNode };

/** Where somebody may go from here, one large link a place. */
export function PlaceList({ label, places }: { label: string; places: Place[] }) {
  return (
    <section aria-label={label} className="grid gap-3">
      <h2 className="font-semibold text-ink-muted text-sm">{label}</h2>
      <ul className="grid gap-3">
        {places.map(({ href, name, detail, icon }) => (
          <li key={href}>
            <a href={href} className="card place">
              <span aria-hidden="true" className="place-mark">
                {icon}
              </span>
              <span className="min-w-0">
                <span className="block font-semibold">{name}</span>
                <span className="block text-ink-muted text-sm">{detail}</span>
              </span>
              <ChevronRight aria-hidden="true" size={20} className="ms-auto shrink-0" />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
