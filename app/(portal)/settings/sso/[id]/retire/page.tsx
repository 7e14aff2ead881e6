import { ActionForm } from "#components/form/action-form.tsx";
import { Checkbox } from "#components/form/checkbox.tsx";
import { Field } from "#components/form/field.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { Card } from "#components/ui/card.tsx";
import { FormButton } from "#components/ui/form-button.tsx";
import { getConnection } from "#lib/auth/sso/connections/get-connection.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { retireConnectionAction } from "../../actions.ts";
import { ConnectionHeader } from "../connection-header.tsx";

export const metadata = { title: "Retire a connection" };

export default async function RetirePage({ params }: PageProps<"/settings/sso/[id]/retire">) {
  const ctx = await requireContext();
  const { connection, people } = await load(getConnection(ctx, (await params).id));
  const here = `/settings/sso/${connection.id}`;
  return (
    <>
      <ConnectionHeader connection={connection} part="none" />
      <div className="max-w-3xl">
        <Card title={`Retire ${connection.name}?`}>
          <div className="grid gap-5">
            <ul className="grid max-w-prose list-disc gap-1.5 ps-5">
              <li>
                Nobody signs in by it any more, for good. It cannot be brought back; a new one can be made.
              </li>
              <li>Its domains, rules for groups, set-up link and directory end.</li>
              <li>{becomeOf(people)}</li>
            </ul>
            <ActionForm action={retireConnectionAction} label="Retire a connection">
              <Hidden name="connectionId" value={connection.id} />
              {people > 0 && (
                <Checkbox
                  name="releases"
                  label={
                    people === 1
                      ? "This person becomes a local account"
                      : `These ${people} people become local accounts`
                  }
                />
              )}
              <Field
                name="name"
                label="Name of the connection"
                hint={`Type ${connection.name}.`}
                required
                maxLength={80}
                autoComplete="off"
                unmanaged
              />
              <Submit tone="danger">Retire</Submit>
            </ActionForm>
            <FormButton action={here}>Cancel</FormButton>
          </div>
        </Card>
      </div>
    </>
  );
}

function becomeOf(people: number): string {
  if (people === 0) return "Nobody signs in by it now.";
  const who = people === 1 ? "One person is" : `${people} people are`;
  return `${who} signed out at once, and without a password then. They come back by “Forgot password”; whoever has no e-mail address here needs an administrator.`;
}
