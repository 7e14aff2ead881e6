import { Submit } from "#components/form/submit.tsx";
import { Button } from "#components/ui/button.tsx";

type BulkActionsProps = {
  actions: { value: string; label: string }[];
};

const MENU = "bulk-actions";

/** A menu whose entries act at once, with no further button (000-09). It opens and closes without a script. */
export function BulkActions({ actions }: BulkActionsProps) {
  return (
    <div className="bulk-actions">
      <Button popoverTarget={MENU}>
        Bulk Actions
        <span aria-hidden="true" className="bulk-actions-arrow" />
      </Button>
      <div id={MENU} popover="auto" className="bulk-actions-menu">
        {actions.map(({ value, label }) => (
          <Submit key={value} name="send" value={value} tone="plain" wide>
            {label}
          </Submit>
        ))}
      </div>
    </div>
  );
}
