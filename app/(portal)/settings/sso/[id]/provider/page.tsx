import { ActionForm } from "#components/form/action-form.tsx";
import { Submit } from "#components/form/submit.tsx";
import { DraftFields } from "#components/sso/draft-fields.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { draftInForm } from "#lib/auth/sso/connections/draft-in-form.ts";
import { getConnection } from "#lib/auth/sso/connections/get-connection.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { saveDraftAction } from "../../actions.ts";
import { ConnectionHeader } from "../connection-header.tsx";
import { SetUpSteps } from "../set-up-steps.tsx";

export const metadata = { title: "Describe the provider" };

export default async function ProviderPage({
  params,
  searchParams,
}: PageProps<"/settings/sso/[id]/provider">) {
  const ctx = await requireContext();
  const reading = await load(getConnection(ctx, (await params).id));
  const { connection, draft, serving } = reading;
  const byHand = (await searchParams).by === "hand";
  const here = `/settings/sso/${connection.id}/provider`;
  return (
    <>
      <ConnectionHeader connection={connection} part="values" />
      <div className="grid max-w-4xl gap-6">
        <SetUpSteps reading={reading} current="provider" />
        {serving && !draft && (
          <Notice title="What serves is not touched">
            You change a copy of it. It serves once it is tested and you put it into service.
          </Notice>
        )}
        <p>
          {byHand ? (
            <a href={here}>{BY_ITSELF[connection.kind]}</a>
          ) : (
            <a href={`${here}?by=hand`}>{BY_HAND[connection.kind]}</a>
          )}
        </p>
        <ActionForm
          key={String(byHand)}
          action={saveDraftAction}
          label="Describe the provider"
          className="grid gap-6"
        >
          <DraftFields draft={draftInForm(reading, byHand)} />
          <div className="form-actions">
            <Submit>Save draft</Submit>
          </div>
        </ActionForm>
      </div>
    </>
  );
}

const BY_HAND = {
  oidc: "The provider does not describe itself? Enter its addresses by hand.",
  saml: "You have no metadata? Enter its parts by hand.",
};

const BY_ITSELF = {
  oidc: "Let the portal find the addresses out by the issuer.",
  saml: "Paste metadata instead.",
};
