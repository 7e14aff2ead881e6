import { Button } from "#components/ui/button.tsx";

type ClientFiltersProps = {
  /** The page of the list. */
  action: string;
  typed: string;
  sort: "name" | "created";
  mine: boolean;
  /** What else is chosen, and stays so. */
  keep?: Record<string, string>;
};

/** Narrows a list of clients down and sorts it. Its words are in the address, so that a page of it can be kept and sent on. */
export function ClientFilters({ action, typed, sort, mine, keep = {} }: ClientFiltersProps) {
  const chosen = typed !== "" || sort !== "name" || mine;
  return (
    <search>
      <form method="get" action={action} className="people-search">
        {Object.entries(keep).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <div className="field">
          <label htmlFor="q" className="field-label">
            Search
          </label>
          <div id="q-hint" className="field-hint">
            By the beginning of a word of the name.
          </div>
          <input
            id="q"
            name="q"
            type="search"
            defaultValue={typed}
            maxLength={254}
            autoComplete="off"
            spellCheck={false}
            aria-describedby="q-hint"
            className="input"
          />
        </div>
        <div>
          <label htmlFor="sort" className="field-label mb-1.5 block">
            Sort by
          </label>
          <div className="select-frame">
            <select id="sort" name="sort" defaultValue={sort} className="input">
              <option value="name">Name</option>
              <option value="created">Newest first</option>
            </select>
          </div>
        </div>
        <div className="check min-h-11 items-center">
          <input
            id="assigned"
            name="assigned"
            type="checkbox"
            value="me"
            defaultChecked={mine}
            className="check-box"
          />
          <label htmlFor="assigned" className="check-label">
            Assigned to me
          </label>
        </div>
        <Button type="submit">Show</Button>
        {chosen && <a href={action}>Show all</a>}
      </form>
    </search>
  );
}
