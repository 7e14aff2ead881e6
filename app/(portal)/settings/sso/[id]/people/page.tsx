import { ActionForm } from "#components/form/action-form.tsx";
import { Checkbox } from "#components/form/checkbox.tsx";
import { Field } from "#components/form/field.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { RadioGroup } from "#components/form/radio-group.tsx";
import { Select } from "#components/form/select.tsx";
import { Submit } from "#components/form/submit.tsx";
import { Card } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { type ConnectionReading, getConnection } from "#lib/auth/sso/connections/get-connection.ts";
import { previewMapping } from "#lib/auth/sso/connections/preview-mapping.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { changeConnectionAction } from "../../actions.ts";
import { ConnectionHeader } from "../connection-header.tsx";
import { GroupRules } from "./group-rules.tsx";
import { groupsIn } from "./groups-in.ts";
import { MappingPreview } from "./mapping-preview.tsx";

export const metadata = { title: "People and groups" };

export default async function PeoplePage({ params, searchParams }: PageProps<"/settings/sso/[id]/people">) {
  const ctx = await requireContext();
  const reading = await load(getConnection(ctx, (await params).id));
  const { connection } = reading;
  const { saved, rule, groups } = await searchParams;
  const typed = typeof groups === "string" ? groups : undefined;
  const wish = { connectionId: connection.id, groups: groupsIn(typed ?? "") };
  const preview = typed === undefined ? undefined : await previewMapping(ctx, wish);
  return (
    <>
      <ConnectionHeader connection={connection} part="people" />
      <div className="grid max-w-4xl gap-6">
        {saved === String(connection.version) && (
          <Notice tone="success" role="status" title="The connection is saved.">
            It counts from the next sign-in on.
          </Notice>
        )}
        {typeof rule === "string" && <RuleDone what={rule} />}
        <WhoComesIn key={String(saved)} reading={reading} />
        <GroupRules reading={reading} />
        <MappingPreview id={connection.id} typed={typed ?? ""} preview={preview} />
      </div>
    </>
  );
}

function RuleDone({ what }: { what: string }) {
  const title = RULE_WORDS[what];
  if (!title) return null;
  return (
    <Notice tone="success" role="status" title={title}>
      It counts from the next sign-in of each person on.
    </Notice>
  );
}

const RULE_WORDS: Record<string, string> = {
  added: "The rule is added.",
  moved: "The rule is moved.",
  removed: "The rule is removed.",
};

function WhoComesIn({ reading: { connection, groups } }: { reading: ConnectionReading }) {
  const { id, version, name, firstSignIn, trustsDomains, defaultGroupId, allowsUnsolicited, kind } =
    connection;
  return (
    <Card title="Who comes in">
      <ActionForm action={changeConnectionAction} id="who" label="Who comes in">
        <Hidden name="connectionId" value={id} />
        <Hidden name="version" value={String(version)} />
        <Field
          name="name"
          label="Name"
          hint="On the sign-in button."
          required
          maxLength={80}
          defaultValue={name}
          autoComplete="off"
        />
        <RadioGroup
          name="firstSignIn"
          legend="Somebody whom the provider knows and the portal does not"
          defaultValue={firstSignIn}
          options={FIRST_SIGN_IN}
        />
        <Checkbox
          name="trustsDomains"
          label="Take an address in a proven domain for its owner"
          hint="Whoever manages the provider can then become whoever has such an address here, but nobody who could raise others. Without it each person proves the account once."
          defaultChecked={trustsDomains}
        />
        <Select
          name="defaultGroupId"
          label="Security group of those whom no rule below gives another"
          defaultValue={defaultGroupId ?? ""}
          placeholder="None: they do not get in"
          options={groups
            .filter(({ powerful }) => !powerful)
            .map((group) => ({ value: group.id, label: group.name }))}
        />
        {kind === "saml" && (
          <Checkbox
            name="allowsUnsolicited"
            label="Take sign-ins that begin at the provider"
            hint="For tiles on the provider’s start page. Somebody can then be signed in without having asked for it."
            defaultChecked={allowsUnsolicited}
          />
        )}
        <Submit>Save</Submit>
      </ActionForm>
    </Card>
  );
}

const FIRST_SIGN_IN = [
  { value: "refuse", label: "Is turned away", hint: "Only accounts that are linked already come in." },
  {
    value: "link",
    label: "Says which account is theirs",
    hint: "They prove it by signing in to it once more, and the two are linked.",
  },
  { value: "create", label: "Gets an account", hint: "It is made at the first sign-in." },
];
