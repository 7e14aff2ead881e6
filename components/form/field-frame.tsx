import type { ReactNode } from "react";

type FieldFrameProps = {
  id: string;
  label: string;
  errors: string[];
  hint?: ReactNode;
  /** A short remark at the end of the label's line, such as "Optional". */
  note?: ReactNode;
  children: ReactNode;
};

/** Label, hint and errors around one control, tied to it by id. */
export function FieldFrame({ id, label, errors, hint, note, children }: FieldFrameProps) {
  return (
    <div className="field">
      <div className="field-head">
        <label htmlFor={id} className="field-label">
          {label}
        </label>
        {note && (
          <span id={`${id}-note`} className="field-note">
            {note}
          </span>
        )}
      </div>
      {hint && (
        <div id={`${id}-hint`} className="field-hint">
          {hint}
        </div>
      )}
      <FieldErrors id={id} errors={errors} />
      {children}
    </div>
  );
}

export function FieldErrors({ id, errors }: { id: string; errors: string[] }) {
  if (errors.length === 0) return null;
  return (
    <div id={`${id}-error`}>
      {errors.map((text) => (
        <p key={text} className="field-error">
          {text}
        </p>
      ))}
    </div>
  );
}
