import type { ReactNode } from "react";

export type NavigationItem = { href: string; label: string; icon?: ReactNode };
export type NavigationSection = { label?: string; items: NavigationItem[] };

type NavigationProps = { sections: NavigationSection[]; currentPath: string };

/** The links of the sidebar. They are plain links: each page is asked for anew, with the session as it is then. */
export function Navigation({ sections, currentPath }: NavigationProps) {
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
