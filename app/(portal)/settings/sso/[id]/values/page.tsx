import { valuesInWords } from "#components/sso/connection-values.ts";
import { CopyValues } from "#components/sso/copy-values.tsx";
import { ProviderGuide } from "#components/sso/provider-guide.tsx";
import { atProvider } from "#components/sso/provider-guides.ts";
import { Card } from "#components/ui/card.tsx";
import { FormButton } from "#components/ui/form-button.tsx";
import { getConnection } from "#lib/auth/sso/connections/get-connection.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { ConnectionHeader } from "../connection-header.tsx";
import { SetUpSteps } from "../set-up-steps.tsx";

export const metadata = { title: "Enter values" };

export default async function ValuesPage({ params }: PageProps<"/settings/sso/[id]/values">) {
  const ctx = await requireContext();
  const reading = await load(getConnection(ctx, (await params).id));
  const { connection, values } = reading;
  return (
    <>
      <ConnectionHeader connection={connection} part="values" />
      <div className="grid max-w-4xl gap-6">
        <SetUpSteps reading={reading} current="values" />
        <Card title={`First, ${atProvider(connection.provider)}`}>
          <ProviderGuide provider={connection.provider} kind={connection.kind} />
        </Card>
        <Card
          title="Values to enter there"
          description="They stay the same as long as this connection is there."
        >
          <CopyValues values={valuesInWords(values)} />
        </Card>
        <div className="form-actions">
          <FormButton action={`/settings/sso/${connection.id}/provider`} tone="primary">
            Continue
          </FormButton>
        </div>
      </div>
    </>
  );
}
