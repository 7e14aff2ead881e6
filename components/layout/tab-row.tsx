type TabRowProps = {
  /** What the pages belong to. */
  label: string;
  tabs: { href: string; label: string }[];
  currentPath: string;
};

/** The sub-navigation of a few pages that belong together, near their top. Plain links, as in the sidebar. */
export function TabRow({ label, tabs, currentPath }: TabRowProps) {
  return (
    <nav aria-label={label} className="tab-row">
      <ul>
        {tabs.map((tab) => (
          <li key={tab.href}>
            <a href={tab.href} aria-current={tab.href === currentPath ? "page" : undefined}>
              {tab.label}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
