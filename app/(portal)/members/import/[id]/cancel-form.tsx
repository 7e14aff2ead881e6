import { ActionForm } from "#components/form/action-form.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { cancelImportAction } from "./actions.ts";

/** Stops an import, and forgets what its file held. */
export function CancelForm({ importId }: { importId: string }) {
  return (
    <ActionForm action={cancelImportAction} id="cancel" label="Cancel the import" className="grid gap-3">
      <Hidden name="importId" value={importId} />
      <div>
        <Submit tone="quiet">Cancel the import</Submit>
      </div>
    </ActionForm>
  );
}
