import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";

type PeopleSearchProps = {
  /** The page of the list. */
  action: string;
  typed: string;
  /** What one can search by here. */
  hint: string;
  /** What else is chosen, and stays so. */
  keep?: Record<string, string>;
  /** Filters beside it. */
  children?: ReactNode;
  /** Whether anything is chosen that can be taken back. */
  narrowed?: boolean;
};

/** Narrows a list of people down. Its words are in the address, so that a page of it can be kept and sent on. */
export function PeopleSearch(props: PeopleSearchProps) {
  const { action, typed, hint, keep = {}, children, narrowed = typed !== "" } = props;
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
            {hint}
          </div>
          <input
            id="q"
            name="q"
            type="search"
            defaultValue={typed}
            maxLength={254}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            aria-describedby="q-hint"
            className="input"
          />
        </div>
        {children}
        <Button type="submit">Search</Button>
        {narrowed && <a href={action}>Show everybody</a>}
      </form>
    </search>
  );
}
