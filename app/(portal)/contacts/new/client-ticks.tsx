"use client";

import { Checkbox } from "#components/form/checkbox.tsx";
import { FieldErrors } from "#components/form/field-frame.tsx";
import { useField } from "#components/form/form-context.ts";

type ClientTicksProps = { clients: { id: string; name: string }[]; chosen: string | undefined };

/** The clients that a contact belongs to. Each box has a name of its own, so that all of them come back as they were. */
export function ClientTicks({ clients, chosen }: ClientTicksProps) {
  const { id, errors, control } = useField("clientIds", true);
  return (
    <fieldset id={id} tabIndex={-1} aria-describedby={control["aria-describedby"]} className="grid gap-2">
      <legend className="field-label">Clients</legend>
      <div id={`${id}-hint`} className="field-hint">
        One or several. The contact sees the workspaces of these and of no others.
      </div>
      <FieldErrors id={id} errors={errors} />
      <div className="grid max-h-72 gap-1 overflow-y-auto rounded-md border border-line p-3">
        {clients.map((client) => (
          <Checkbox
            key={client.id}
            name={`client-${client.id}`}
            label={client.name}
            defaultChecked={client.id === chosen}
          />
        ))}
      </div>
    </fieldset>
  );
}
