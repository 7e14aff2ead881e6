type Choice = { value: string; label: string };

type PeopleFilterProps = {
  name: string;
  label: string;
  choices: Choice[];
  chosen: string | undefined;
  /** What it says while nothing is chosen; a filter that always has a choice has none. */
  all?: string;
};

/** One way to narrow or sort a list of people: part of its search, so that it needs no script. */
export function PeopleFilter({ name, label, choices, chosen, all }: PeopleFilterProps) {
  return (
    <div className="people-filter">
      <label htmlFor={name} className="field-label">
        {label}
      </label>
      <div className="select-frame">
        <select id={name} name={name} defaultValue={chosen ?? ""} className="input">
          {all !== undefined && <option value="">{all}</option>}
          {choices.map(({ value, label: words }) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}
