import { Card } from "#components/ui/card.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";

/** What the directory is told, beside a token. */
export function BaseAddress({ base }: { base: string }) {
  return (
    <Card
      title="Where to"
      description="The same for each connection; its token says which one it is. Entra ID calls this the Tenant URL, Okta the SCIM connector base URL. Okta’s unique identifier field is userName."
    >
      <div className="form">
        <div className="field">
          <label htmlFor="scim-base" className="field-label">
            Base URL
          </label>
          <input id="scim-base" readOnly value={base} className="input font-mono" />
        </div>
        <div className="flex flex-wrap items-center gap-4">
          <CopyButton text={base} />
        </div>
      </div>
    </Card>
  );
}
