import { Menu } from "lucide-react";
import type { ReactNode } from "react";
import { AccountMenu, type AccountMenuProps } from "#components/layout/account-menu.tsx";
import { FirmMark } from "#components/layout/firm-mark.tsx";
import { Navigation, type NavigationSection } from "#components/layout/navigation.tsx";

type ShellProps = {
  firmName: string;
  logo?: ReactNode;
  homeHref?: string;
  navigation: NavigationSection[];
  /** The address of the page, and where it stands in the navigation. */
  path: string;
  place: string;
  account: AccountMenuProps;
  /** Beside the avatar. */
  bell?: ReactNode;
  /** Above everything on the page, such as a notice of demo mode. */
  banner?: ReactNode;
  /** Watches when the session ends. */
  watch?: ReactNode;
  children: ReactNode;
};

/** The signed-in frame. The page inside begins with a PageHeader. */
export function Shell(props: ShellProps) {
  const {
    firmName,
    logo,
    homeHref = "/",
    navigation,
    path,
    place,
    account,
    bell,
    banner,
    watch,
    children,
  } = props;
  return (
    <div className="shell">
      <a href="#main" className="skip-link">
        Skip to content
      </a>
      <header className="shell-header">
        <button
          type="button"
          popoverTarget="navigation"
          aria-label="Menu"
          className="icon-button shell-menu-button"
        >
          <Menu aria-hidden="true" size={20} />
        </button>
        <a href={homeHref} className="shell-firm">
          {logo ?? <FirmMark name={firmName} />}
          <span className="shell-firm-name">{firmName}</span>
        </a>
        <div className="shell-tools">
          {bell}
          <AccountMenu {...account} />
        </div>
      </header>
      <div className="shell-body">
        <nav id="navigation" aria-label="Main" popover="auto" className="shell-navigation">
          <Navigation sections={navigation} path={path} place={place} />
        </nav>
        <main id="main" tabIndex={-1} className="shell-main">
          {banner}
          {children}
        </main>
      </div>
      {watch}
    </div>
  );
}
