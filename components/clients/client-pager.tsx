import { Pager } from "#components/members/pager.tsx";

type ClientPagerProps = {
  path: string;
  listed: {
    q: string;
    sort: string;
    assigned?: string | undefined;
    state?: string | undefined;
    after?: string | undefined;
    next: string | undefined;
  };
};

/** The way on through a list of clients, with what was chosen. */
export function ClientPager({ path, listed: { q, sort, assigned, state, after, next } }: ClientPagerProps) {
  const wish = { q, sort, ...(assigned && { assigned }), ...(state && { state }) };
  return <Pager path={path} wish={wish} place="after" next={next} begun={after !== undefined} />;
}
