"use client";

import { Checkbox } from "#components/form/checkbox.tsx";
import { FieldErrors } from "#components/form/field-frame.tsx";
import { useField } from "#components/form/form-context.ts";

type Subject = {
  subject: string;
  permissions: { permission: string; sentence: string; grantable: boolean }[];
};

type PermissionListProps = {
  /** What begins the name of each tick box. */
  prefix: string;
  subjects: Subject[];
  ticked: string[];
};

/** What a security group may do, by subject. What the reader does not hold cannot be ticked (SEC60). */
export function PermissionList({ prefix, subjects, ticked }: PermissionListProps) {
  const { id, errors } = useField("permissions");
  return (
    <div id={id} className="grid gap-6">
      <FieldErrors id={id} errors={errors} />
      {subjects.map(({ subject, permissions }) => (
        <fieldset key={subject} className="grid gap-3">
          <legend className="field-label mb-3">{subject}</legend>
          {permissions.map(({ permission, sentence, grantable }) => (
            <Checkbox
              key={permission}
              name={`${prefix}${permission}`}
              label={sentence}
              defaultChecked={ticked.includes(permission)}
              disabled={!grantable}
              hint={grantable ? undefined : "You do not hold this yourself."}
            />
          ))}
        </fieldset>
      ))}
    </div>
  );
}
