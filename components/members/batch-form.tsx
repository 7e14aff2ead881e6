import type { ReactNode } from "react";
import { ActionForm } from "#components/form/action-form.tsx";
import { Checkbox } from "#components/form/checkbox.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { SelectPage } from "#components/members/select-page.tsx";
import { sayCounted } from "#components/ui/say-counted.ts";
import type { FormState } from "#lib/web/form-state.ts";

type BatchFormProps = {
  action: (state: FormState, form: FormData) => Promise<FormState>;
  label: string;
  /** What was searched for: "everybody" is everybody who matches it. */
  typed: string;
  /** The filters that are on. */
  filters?: Record<string, string>;
  total: number;
  shown: number;
  /** The control that says what to do with the chosen people. */
  children: ReactNode;
};

/** What is searched is counted up to one more than a page. */
const PAGE = 100;

/** The id that the boxes in the rows name as their form. */
export const BATCH_FORM = "batch";

/** Does something for many people of a list at once: the ticked ones, or all that match. */
export function BatchForm(props: BatchFormProps) {
  const { action, label, typed, filters = {}, total, shown, children } = props;
  const narrowed = typed !== "" || Object.keys(filters).length > 0;
  const all = `All ${sayCounted(total, typed === "" ? undefined : PAGE)}`;
  return (
    <ActionForm action={action} id={BATCH_FORM} label={label} className="batch-form">
      <Hidden name="q" value={typed} />
      {Object.entries(filters).map(([name, value]) => (
        <Hidden key={name} name={name} value={value} />
      ))}
      <div className="batch-bar">
        {children}
        <SelectPage form={BATCH_FORM} />
      </div>
      {total > shown && (
        <Checkbox
          name="everybody"
          label={narrowed ? `${all} people who match` : `${all} people, not only those ticked`}
        />
      )}
    </ActionForm>
  );
}
