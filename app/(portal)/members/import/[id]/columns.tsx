import { ActionForm } from "#components/form/action-form.tsx";
import { Checkbox } from "#components/form/checkbox.tsx";
import { Field } from "#components/form/field.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Select } from "#components/form/select.tsx";
import { Submit } from "#components/form/submit.tsx";
import { Card } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import type { ImportView } from "#lib/imports/get-import.ts";
import { lines } from "../words.ts";
import { checkImportAction } from "./actions.ts";
import { CancelForm } from "./cancel-form.tsx";

type Found = { found: ImportView };

/** What each column holds, as far as its heading says so, to be corrected. */
export function Columns({ found }: Found) {
  if (found.lines === 0) return <BrokenOff found={found} />;
  return (
    <Card
      title="What do the columns hold?"
      description={`${lines(found.lines)} came in. The columns were recognised by their headings; correct what is wrong. Checking changes nobody.`}
    >
      <ActionForm action={checkImportAction} id="columns" label="What do the columns hold?">
        <Hidden name="importId" value={found.id} />
        <People found={found} />
        {found.kind === "contact" ? <OfContacts found={found} /> : <OfStaff found={found} />}
        <Passwords found={found} />
        <div className="form-actions">
          <Submit>Check the file</Submit>
        </div>
      </ActionForm>
      <div className="mt-4">
        <CancelForm importId={found.id} />
      </div>
    </Card>
  );
}

function BrokenOff({ found }: Found) {
  return (
    <Notice tone="warning" title="The file did not come in whole">
      <a href={`/members/import?kind=${found.kind}`}>Choose it again</a>. Nothing was changed.
    </Notice>
  );
}

function People({ found }: Found) {
  return (
    <>
      <Column found={found} name="name" label="Name" />
      <Column
        found={found}
        name="email"
        label="E-mail"
        hint="People who are here already are known by it, or by their username."
      />
      <Column found={found} name="username" label="Username" hint="Without one, people sign in by e-mail." />
    </>
  );
}

function OfContacts({ found }: Found) {
  return (
    <>
      <Column found={found} name="clients" label="Clients" hint="Several are separated by “;”." />
      {found.mayCreateClients && (
        <Checkbox
          name="createClients"
          label="Create clients that are not here yet"
          hint="Without the tick, a line that names one is refused."
          defaultChecked={found.mapping.createClients === "on"}
        />
      )}
    </>
  );
}

function OfStaff({ found }: Found) {
  return (
    <>
      <Column found={found} name="group" label="Security group" hint="By its name." />
      <Select
        name="securityGroupId"
        label="Security group where a line names none"
        placeholder="None: such lines are refused"
        options={found.groups.map(({ id, name }) => ({ value: id, label: name }))}
        defaultValue={found.mapping.securityGroupId}
      />
    </>
  );
}

function Passwords({ found }: Found) {
  const { mapping } = found;
  return (
    <>
      <Column
        found={found}
        name="hash"
        label="Password hash"
        hint="For new accounts alone: the password of somebody who is here stays. At the first sign-in it is judged by your rules."
      />
      <details open={Boolean(mapping.rounds)}>
        <summary className="cursor-pointer font-medium text-sm">The hashes come from Firebase</summary>
        <div className="form mt-4">
          <Column found={found} name="salt" label="Salt" />
          <Field name="signerKey" label="Signer key" unmanaged autoComplete="off" spellCheck={false} />
          <Field
            name="saltSeparator"
            label="Salt separator"
            unmanaged
            autoComplete="off"
            defaultValue={mapping.saltSeparator}
          />
          <Field name="rounds" label="Rounds" inputMode="numeric" defaultValue={mapping.rounds} />
          <Field
            name="memoryCost"
            label="Memory cost"
            inputMode="numeric"
            defaultValue={mapping.memoryCost}
          />
        </div>
      </details>
    </>
  );
}

type ColumnProps = Found & { name: string; label: string; hint?: string };

function Column({ found, name, label, hint }: ColumnProps) {
  return (
    <Select
      name={name}
      label={label}
      hint={hint}
      placeholder="No column"
      options={found.columns.map((heading, index) => ({ value: String(index), label: heading }))}
      defaultValue={found.mapping[name]}
    />
  );
}
