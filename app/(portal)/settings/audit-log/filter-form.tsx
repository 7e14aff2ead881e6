import type { ComponentProps } from "react";
import { Button } from "#components/ui/button.tsx";
import { EVENT_GROUPS, sayEvent } from "#lib/audit/event-words.ts";
import type { AuditFilters } from "#lib/audit/input.ts";

/** Narrows the log down. What is chosen is in the address, so that it can be kept and sent on. */
export function FilterForm({ filters, timeZone }: { filters: AuditFilters; timeZone: string }) {
  const { from, to, by, about, source, request } = filters;
  return (
    <search>
      <form method="get" action="/settings/audit-log" aria-label="Filters" className="grid gap-4">
        <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
          <Field name="from" label="From" hint={timeZone} type="date" defaultValue={from?.slice(0, 10)} />
          <Field
            name="to"
            label="To, inclusive"
            hint={timeZone}
            type="date"
            defaultValue={to?.slice(0, 10)}
          />
          <Events chosen={filters.event} />
          <Outcome chosen={filters.outcome} />
        </div>
        <details open={(by ?? about ?? source ?? request) !== undefined}>
          <summary className="min-h-6 cursor-pointer py-0.5 font-semibold text-sm">
            Who, and from where
          </summary>
          <p className="field-hint pt-3">A visitor signs in: the event is about the person who did.</p>
          <div className="grid gap-4 pt-3 sm:grid-cols-2 lg:grid-cols-4">
            <Field name="by" label="Who did it" hint="How a name begins" defaultValue={by} maxLength={200} />
            <Field
              name="about"
              label="About whom"
              hint="How a name begins"
              defaultValue={about}
              maxLength={200}
            />
            <Field name="source" label="Source" hint="An IP address" defaultValue={source} maxLength={60} />
            <Field name="request" label="Request" hint="Its id" defaultValue={request} maxLength={80} />
          </div>
        </details>
        <div className="flex flex-wrap items-center gap-x-5 gap-y-2">
          <Button type="submit">Show</Button>
          <a href="/settings/audit-log">Show everything</a>
        </div>
      </form>
    </search>
  );
}

type FieldProps = ComponentProps<"input"> & { name: string; label: string; hint: string };

function Field({ name, label, hint, ...input }: FieldProps) {
  return (
    <div className="field content-start">
      <label htmlFor={name} className="field-label">
        {label}
      </label>
      <div id={`${name}-hint`} className="field-hint">
        {hint}
      </div>
      <input
        type="text"
        {...input}
        id={name}
        name={name}
        aria-describedby={`${name}-hint`}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        className="input"
      />
    </div>
  );
}

function Events({ chosen = "" }: { chosen?: string }) {
  const known = EVENT_GROUPS.some(({ id, events }) => id === chosen || Object.hasOwn(events, chosen));
  return (
    <Choice name="event" label="Event" hint="All of a kind, or one" chosen={chosen}>
      <option value="">All events</option>
      {chosen !== "" && !known && <option value={chosen}>{sayEvent(chosen)}</option>}
      {EVENT_GROUPS.map(({ id, label, events }) => (
        <optgroup key={id} label={label}>
          <option value={id}>All: {label}</option>
          {Object.entries(events)
            .filter(([name, { done }]) => done !== undefined || name === chosen)
            .map(([name]) => (
              <option key={name} value={name}>
                {sayEvent(name)}
              </option>
            ))}
        </optgroup>
      ))}
    </Choice>
  );
}

function Outcome({ chosen = "" }: { chosen?: string }) {
  return (
    <Choice name="outcome" label="Outcome" hint="What was refused counts too" chosen={chosen}>
      <option value="">Both</option>
      <option value="done">Not refused</option>
      <option value="refused">Refused</option>
    </Choice>
  );
}

type ChoiceProps = Pick<FieldProps, "name" | "label" | "hint" | "children"> & { chosen: string };

function Choice({ name, label, hint, chosen, children }: ChoiceProps) {
  return (
    <div className="field content-start">
      <label htmlFor={name} className="field-label">
        {label}
      </label>
      <div id={`${name}-hint`} className="field-hint">
        {hint}
      </div>
      <div className="select-frame">
        <select
          id={name}
          name={name}
          defaultValue={chosen}
          aria-describedby={`${name}-hint`}
          className="input"
        >
          {children}
        </select>
      </div>
    </div>
  );
}
