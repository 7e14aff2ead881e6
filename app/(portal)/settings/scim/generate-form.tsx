import { NewToken } from "#components/api-tokens/new-token.tsx";
import { ActionForm } from "#components/form/action-form.tsx";
import { Field } from "#components/form/field.tsx";
import { Select } from "#components/form/select.tsx";
import { Submit } from "#components/form/submit.tsx";
import { TOKEN_LIFETIMES_IN_DAYS, USUAL_TOKEN_LIFETIME_IN_DAYS } from "#lib/scim/input.ts";
import { generateScimTokenAction } from "./actions.ts";

type GenerateFormProps = { connection: { id: string; name: string }; isFirst: boolean };

/** A new token. The one before works on beside it, so that the directory can be told in peace. */
export function GenerateForm({ connection, isFirst }: GenerateFormProps) {
  return (
    <ActionForm
      action={generateScimTokenAction}
      id={`token-${connection.id}`}
      label={`New token for ${connection.name}`}
      steps={{ generated: <NewToken back="/settings/scim" what="token" /> }}
    >
      <h3>New token</h3>
      <p className="max-w-prose text-sm">
        {isFirst
          ? "Whoever has it can make and switch off the accounts that come by this connection, and nothing else."
          : "The one before works until you revoke it. Two can be good at the same time."}
      </p>
      <input type="hidden" name="connectionId" value={connection.id} />
      <Field
        name="name"
        label="Name"
        hint="To tell it from the next one: the directory, or the month."
        required
        maxLength={60}
        unmanaged
      />
      <Select
        name="expiresInDays"
        label="Good for"
        defaultValue={String(USUAL_TOKEN_LIFETIME_IN_DAYS)}
        options={TOKEN_LIFETIMES_IN_DAYS.map((days) => ({ value: String(days), label: `${days} days` }))}
      />
      <Submit>Generate</Submit>
    </ActionForm>
  );
}
