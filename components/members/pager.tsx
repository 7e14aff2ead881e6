type PagerProps = {
  /** The page of the list. */
  path: string;
  /** What its address says beside the place. */
  wish: Record<string, string>;
  /** The name that the place has in the address, and where the next page begins. */
  place: string;
  next: string | number | undefined;
  /** Whether this is not the first page. */
  begun: boolean;
};

/** The way on through a long list, and back to its beginning. Nothing where all of it is shown. */
export function Pager({ path, wish, place, next, begun }: PagerProps) {
  if (next === undefined && !begun) return null;
  const first = new URLSearchParams(wish);
  const following = new URLSearchParams({ ...wish, [place]: String(next) });
  return (
    <nav aria-label="Pages" className="pager">
      {begun && <a href={`${path}?${first}`}>First page</a>}
      {next !== undefined && (
        <a href={`${path}?${following}`} rel="next">
          Next
        </a>
      )}
    </nav>
  );
}
