import { ActionForm } from "#components/form/action-form.tsx";
import { Submit } from "#components/form/submit.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { FormButton } from "#components/ui/form-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import type { Context } from "#lib/core/context.ts";
import { getCalendar } from "#lib/groups/get-calendar.ts";
import { getGroup, grantableBy } from "#lib/groups/get-group.ts";
import type { GroupFields as Fields } from "#lib/groups/group-changes.ts";
import { listGroups } from "#lib/groups/list-groups.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { createGroupAction } from "../actions.ts";
import { GroupFields } from "../group-fields.tsx";

export const metadata = { title: "New security group" };

const NOTHING: Fields = {
  name: "",
  description: "",
  permissions: [],
  clientScope: "all",
  secondFactorFrom: null,
};

export default async function NewGroupPage({ searchParams }: PageProps<"/settings/groups/new">) {
  const ctx = await requireContext();
  const groups = await load(listGroups(ctx));
  const calendar = await load(getCalendar(ctx));
  const { copy } = await searchParams;
  const original =
    typeof copy === "string" && copy !== "" ? (await load(getGroup(ctx, copy))).group : undefined;
  return (
    <>
      <PageHeader
        title="New security group"
        description="From nothing, or as a copy of any group. It is for staff."
        breadcrumbs={[
          { href: "/settings", label: "Settings" },
          { href: "/settings/groups", label: "Security groups" },
        ]}
      />
      <div className="grid max-w-3xl gap-6">
        <section aria-labelledby="copies" className="grid gap-3">
          <h2 id="copies" className="text-lg">
            Begin with a copy
          </h2>
          <ul className="flex flex-wrap gap-2">
            {groups.map(({ id, name }) => (
              <li key={id}>
                <FormButton action="/settings/groups/new" fields={{ copy: id }} size="small">
                  {name}
                </FormButton>
              </li>
            ))}
          </ul>
        </section>
        <ActionForm
          key={original?.id}
          action={createGroupAction}
          label="New security group"
          className="grid gap-6"
        >
          {original && <Copied ctx={ctx} original={original} />}
          <GroupFields
            group={original ? copyOf(ctx, original) : NOTHING}
            grantable={grantableBy(ctx)}
            calendar={calendar}
          />
          <div className="form-actions">
            <Submit>Create group</Submit>
          </div>
        </ActionForm>
      </div>
    </>
  );
}

/** As much of it as the reader may give (SEC60). */
function copyOf(ctx: Context, original: Fields): Fields {
  const { name, description, permissions, clientScope, secondFactorFrom } = original;
  const held: string[] = grantableBy(ctx).permissions;
  return {
    name: `Copy of ${name}`.slice(0, 80),
    description,
    permissions: permissions.filter((permission) => held.includes(permission)),
    clientScope,
    secondFactorFrom,
  };
}

function Copied({ ctx, original }: { ctx: Context; original: Fields }) {
  const whole = copyOf(ctx, original).permissions.length === original.permissions.length;
  return (
    <Notice title={`A copy of ${original.name}`}>
      {whole
        ? "It stands in the form below. Nothing is saved yet."
        : "What you do not hold yourself is left out of it. Nothing is saved yet."}
    </Notice>
  );
}
