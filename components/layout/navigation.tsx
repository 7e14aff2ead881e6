"use client";

import { usePathname } from "next/navigation";
import type { ReactNode } from "react";

export type NavigationItem = { href: string; label: string; icon?: ReactNode };
export type NavigationSection = { label?: string; items: NavigationItem[] };

type NavigationProps = {
  sections: NavigationSection[];
  /** The address that the frame was drawn for, and where it stands among the links. */
  path: string;
  place: string;
};

const RECORD = /^\/members\/[0-9a-f]{8}-/;

/**
 * The links of the sidebar. They are plain links: each page is asked for anew, with the session as it is then. After a
 * form the frame stays and the page inside it is another one.
 */
export function Navigation({ sections, path, place }: NavigationProps) {
  const shown = usePathname() ?? path;
  // Whether a record stands among the members or the contacts, only the server knows.
  const currentPath = shown === path || RECORD.test(shown) ? place : shown;
  const here = closest(sections, currentPath);
  return (
    <div className="grid gap-6">
      {sections.map(({ label, items }) => (
        <div key={label ?? items[0]?.href}>
          {label && <p className="px-3 pb-2 font-semibold text-ink-muted text-xs">{label}</p>}
          <ul className="grid gap-0.5">
            {items.map((item) => (
              <li key={item.href}>
                <a
                  href={item.href}
                  aria-current={current(item, here, currentPath)}
                  className="navigation-link"
                >
                  {item.icon}
                  {item.label}
                </a>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

function current(item: NavigationItem, here: string | undefined, path: string) {
  if (item.href !== here) return undefined;
  return item.href === path ? "page" : "true";
}

/** The item that leads here: the longest path that the current one begins with. */
function closest(sections: NavigationSection[], path: string) {
  return sections
    .flatMap(({ items }) => items.map(({ href }) => href))
    .filter((href) => path === href || (href !== "/" && path.startsWith(`${href}/`)))
    .sort((one, other) => other.length - one.length)[0];
}
