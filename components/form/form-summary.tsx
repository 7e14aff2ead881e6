import { fieldId } from "#components/form/form-context.ts";
import type { FormState } from "#lib/web/form-state.ts";

/** What the form has to say above its fields: the failures with links to their fields, or that it is done. */
export function FormSummary({ id, state }: { id?: string; state: FormState }) {
  if (isDone(state)) {
    return (
      <p role="status" className="form-done">
        {state.message ?? "Saved."}
      </p>
    );
  }
  if (!isProblem(state)) return null;

  const failures = Object.entries(state.fieldErrors ?? {}).flatMap(([name, texts]) =>
    texts.map((text) => ({ name, text })),
  );
  return (
    // Without JavaScript the answer is a new page: autofocus brings a keyboard or screen reader to what went wrong.
    // biome-ignore lint/a11y/noAutofocus: the summary appears only after the person sent the form.
    <div role="alert" tabIndex={-1} autoFocus className="form-summary">
      <p className="form-summary-message">{state.message ?? "Please check the marked fields."}</p>
      {(failures.length > 1 || (failures.length === 1 && !state.message)) && (
        <ul>
          {failures.map(({ name, text }) => (
            <li key={name + text}>
              <a href={`#${fieldId(id, name)}`}>{text}</a>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** The steps that end a form; every other answer with a message or field errors is a problem. */
export function isDone({ step }: FormState) {
  return step === "sent" || step === "saved";
}

export function isProblem(state: FormState) {
  const hasErrors = Object.values(state.fieldErrors ?? {}).some((texts) => texts.length > 0);
  return !isDone(state) && (Boolean(state.message) || hasErrors);
}
