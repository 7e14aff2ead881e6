import { ActionForm } from "#components/form/action-form.tsx";
import { Field } from "#components/form/field.tsx";
import { RadioGroup } from "#components/form/radio-group.tsx";
import { Submit } from "#components/form/submit.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { PROVIDER_NAMES } from "#components/sso/provider-guides.ts";
import { Card } from "#components/ui/card.tsx";
import { listConnections } from "#lib/auth/sso/connections/list-connections.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { createConnectionAction } from "../actions.ts";

export const metadata = { title: "New connection" };

export default async function NewConnectionPage() {
  const ctx = await requireContext();
  await load(listConnections(ctx));
  return (
    <>
      <PageHeader
        title="New connection"
        description="First say what is connected. Nothing changes for anybody until you put it into service."
        breadcrumbs={[
          { href: "/settings", label: "Settings" },
          { href: "/settings/sso", label: "Single sign-on" },
        ]}
      />
      <div className="max-w-3xl">
        <ActionForm action={createConnectionAction} label="New connection" className="grid gap-6">
          <Card title="Provider">
            <div className="grid max-w-xl gap-5">
              <RadioGroup
                name="provider"
                legend="Which one is it?"
                defaultValue="entra"
                options={Object.entries(PROVIDER_NAMES).map(([value, label]) => ({ value, label }))}
              />
              <RadioGroup
                name="kind"
                legend="How does it sign people in?"
                defaultValue="oidc"
                options={[
                  {
                    value: "oidc",
                    label: "OpenID Connect",
                    hint: "Where you can choose. The portal finds out most of it by itself.",
                  },
                  { value: "saml", label: "SAML 2.0", hint: "Where your provider or your firm asks for it." },
                ]}
              />
              <Field
                name="name"
                label="Name"
                hint={`People read it on the sign-in button: “Sign in with …”. For example ${ctx.tenant.name}.`}
                required
                maxLength={80}
                autoComplete="off"
              />
            </div>
          </Card>
          <div className="form-actions">
            <Submit>Continue</Submit>
          </div>
        </ActionForm>
      </div>
    </>
  );
}
