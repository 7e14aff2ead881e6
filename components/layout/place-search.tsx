import { Button } from "#components/ui/button.tsx";

/** Narrows the places down. Its words are in the address. */
export function PlaceSearch({ action, typed }: { action: string; typed: string }) {
  return (
    <search>
      <form method="get" action={action} className="people-search">
        <div className="field">
          <label htmlFor="q" className="field-label">
            Search
          </label>
          <input
            id="q"
            name="q"
            type="search"
            defaultValue={typed}
            maxLength={254}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            className="input"
          />
        </div>
        <Button type="submit">Search</Button>
        {typed !== "" && <a href={action}>Show all</a>}
      </form>
    </search>
  );
}
