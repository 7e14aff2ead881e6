import { ActionForm } from "#components/form/action-form.tsx";
import { RadioGroup } from "#components/form/radio-group.tsx";
import { Submit } from "#components/form/submit.tsx";
import { RequirementFields } from "#components/settings/requirement-fields.tsx";
import { EnforceStep } from "#components/sso/enforce-step.tsx";
import { Card } from "#components/ui/card.tsx";
import type { EnforcementDescription } from "#lib/auth/sso/enforcement/describe-enforcement.ts";
import { dayOf, REQUIRED_FROM } from "../../factor-requirement.ts";
import { enforceSsoAction } from "./actions.ts";

/** For whom, and from when. Nothing is decided before its number has been seen. */
export function EnforceCard({ found: { current, scope, timeZone } }: { found: EnforcementDescription }) {
  const ahead = current && !current.inForce ? dayOf(current.enforcedFrom.toISOString(), timeZone) : "";
  return (
    <Card title={current ? "Decide anew" : "Require SSO"}>
      <ActionForm
        // Another list is another form.
        key={scope}
        action={enforceSsoAction}
        id="enforce"
        label="Require SSO"
        steps={{ confirm: <EnforceStep /> }}
      >
        <RadioGroup
          name="scope"
          legend="For whom?"
          defaultValue={current?.scope ?? scope}
          options={[
            { value: "staff", label: "The staff", hint: "Contacts come in as before." },
            { value: "everybody", label: "Everybody", hint: "Staff and contacts alike." },
          ]}
        />
        <RequirementFields
          name="when"
          legend="From when?"
          chosen={REQUIRED_FROM}
          dayName="from"
          day={ahead}
          timeZone={timeZone}
          options={[
            { value: "at-once", label: "At once", hint: "Whoever loses access is out on the next request." },
            {
              value: REQUIRED_FROM,
              label: "From a day on",
              hint: "Until then there is time to link accounts. Everybody concerned is told now.",
            },
          ]}
        />
        <div className="form-actions">
          <Submit>Continue</Submit>
        </div>
      </ActionForm>
    </Card>
  );
}
