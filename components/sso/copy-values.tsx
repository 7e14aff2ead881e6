import { CopyButton } from "#components/ui/copy-button.tsx";

type CopyValuesProps = { values: { label: string; value: string; hint?: string }[] };

/** Values to be entered elsewhere. Each can be selected whole, and copied by a press where scripts run. */
export function CopyValues({ values }: CopyValuesProps) {
  return (
    <dl className="grid gap-4">
      {values.map(({ label, value, hint }) => (
        <div key={label} className="grid gap-1.5">
          <dt className="font-semibold text-sm">{label}</dt>
          <dd className="grid gap-1.5">
            {hint && <span className="text-ink-muted text-xs">{hint}</span>}
            <span className="flex flex-wrap items-center gap-2">
              <code className="min-w-0 select-all break-all rounded-md bg-surface-sunken px-3 py-2 text-sm">
                {value}
              </code>
              <CopyButton text={value} about={label} size="small" />
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
