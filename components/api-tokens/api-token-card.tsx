import { ConfirmStep } from "#components/api-tokens/confirm-step.tsx";
import { NewToken } from "#components/api-tokens/new-token.tsx";
import { RevokeToken } from "#components/api-tokens/revoke-token.tsx";
import { ScopeList } from "#components/api-tokens/scope-list.tsx";
import { ActionForm } from "#components/form/action-form.tsx";
import { Select } from "#components/form/select.tsx";
import { Submit } from "#components/form/submit.tsx";
import { Facts } from "#components/members/facts.tsx";
import { Card } from "#components/ui/card.tsx";
import { Moment } from "#components/ui/moment.tsx";
import { LIFETIMES_IN_DAYS, OVERLAPS_IN_HOURS, USUAL_LIFETIME_IN_DAYS } from "#lib/auth/api-tokens/input.ts";
import type { FormState } from "#lib/web/form-state.ts";

type Action = (state: FormState, form: FormData) => Promise<FormState>;

type Token = {
  id: string;
  hint: string;
  scopes: string[];
  createdAt: Date;
  expiresAt: Date;
  lastUsedAt: Date | null;
  lastUsedSource: string | null;
};

type ApiTokenCardProps = {
  owner: { id: string; name: string; isOwn: boolean };
  token: Token | undefined;
  leaving: Token[];
  /** What a new one could do; undefined where none can be generated now. */
  scopes: { scope: string; sentence: string }[] | undefined;
  scopePrefix: string;
  /** The page that it stands on. */
  here: string;
  generate: Action;
  revoke: Action;
};

/** The API token of one person: what is known of it, a new one, and the end of it (004-06, 004-08). */
export function ApiTokenCard(props: ApiTokenCardProps) {
  const { owner, token, leaving, scopes, here, revoke } = props;
  const whose = owner.isOwn ? "your" : `${owner.name}’s`;
  return (
    <Card title="API token" description={`For a program that works in ${whose} name.`}>
      {/* While the new token is shown, what was known of the one before is out of date. */}
      <div className="grid gap-6 [&:has([data-new-token])>*~*]:hidden">
        {scopes ? <Generate {...props} scopes={scopes} /> : <Known token={token} />}
        {token && <RevokeToken action={revoke} token={token} back={here} />}
        {leaving.map((one) => (
          <div key={one.id} className="grid gap-3">
            <p>
              <code>{one.hint}…</code> was replaced, and works until <Moment at={one.expiresAt} />.
            </p>
            <RevokeToken action={revoke} token={one} back={here} />
          </div>
        ))}
      </div>
    </Card>
  );
}

function Known({ token }: { token: Token | undefined }) {
  return <Facts facts={token ? factsOf(token) : [{ label: "API token", value: "None" }]} />;
}

function factsOf({ hint, scopes, createdAt, expiresAt, lastUsedAt, lastUsedSource }: Token) {
  return [
    { label: "API token", value: <code>{hint}…</code> },
    { label: "Generated", value: <Moment at={createdAt} /> },
    { label: "Good until", value: <Moment at={expiresAt} /> },
    { label: "May do", value: scopes.length === 1 ? "1 thing" : `${scopes.length} things` },
    {
      label: "Last used",
      value: lastUsedAt ? (
        <>
          <Moment at={lastUsedAt} /> from {lastUsedSource}
        </>
      ) : (
        "Never"
      ),
    },
  ];
}

function Generate(props: ApiTokenCardProps & { scopes: NonNullable<ApiTokenCardProps["scopes"]> }) {
  const { owner, token, scopes, scopePrefix, here, generate } = props;
  const confirm = (
    <ConfirmStep title={token ? "Generate a new API token?" : "Generate an API token?"} press="Generate">
      <p>Whoever has it can do in {owner.isOwn ? "your" : `${owner.name}’s`} name what it is for.</p>
      {token && (
        <p>
          <code>{token.hint}…</code> ends then, at once or after the time that you chose.
        </p>
      )}
      {!owner.isOwn && <p>{owner.name} is told by e-mail. The e-mail does not hold the token.</p>}
    </ConfirmStep>
  );
  return (
    <ActionForm
      action={generate}
      id="api-token"
      label="API token"
      steps={{ confirm, generated: <NewToken back={here} /> }}
    >
      <Known token={token} />
      <input type="hidden" name="memberId" value={owner.id} />
      <input type="hidden" name="replaces" value={token?.id ?? ""} />
      <Select
        name="expiresInDays"
        label="Good for"
        defaultValue={String(USUAL_LIFETIME_IN_DAYS)}
        options={LIFETIMES_IN_DAYS.map((days) => ({ value: String(days), label: `${days} days` }))}
      />
      {token && (
        <Select
          name="overlapHours"
          label="The one before"
          options={OVERLAPS_IN_HOURS.map((hours) => ({ value: String(hours), label: OVERLAPS[hours] }))}
        />
      )}
      <ScopeList owner={owner.isOwn ? "you" : owner.name} prefix={scopePrefix} scopes={scopes} />
      <Submit>{token ? "Generate again" : "Generate"}</Submit>
    </ActionForm>
  );
}

const OVERLAPS: Record<(typeof OVERLAPS_IN_HOURS)[number], string> = {
  0: "Ends at once",
  1: "Works for 1 more hour",
  24: "Works for 24 more hours",
};
