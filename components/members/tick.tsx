import { VisuallyHidden } from "#components/ui/visually-hidden.tsx";

type TickProps = {
  /** The id of the form that the box belongs to, wherever it stands. */
  form: string;
  memberId: string;
  /** Whom it chooses, told apart from others of the same name. */
  label: string;
};

/** Chooses one person of a list. */
export function Tick({ form, memberId, label }: TickProps) {
  return (
    <label className="tick">
      <input type="checkbox" form={form} name="memberIds" value={memberId} className="check-box" />
      <VisuallyHidden>{label}</VisuallyHidden>
    </label>
  );
}
