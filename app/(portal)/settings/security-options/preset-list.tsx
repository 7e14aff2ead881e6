import { Badge } from "#components/ui/badge.tsx";
import { optionChanges } from "#lib/policy/option-changes.ts";
import { OPTIONS_PRESETS, type OptionsPreset, type SecurityOptions } from "#lib/policy/security-options.ts";

type PresetListProps = { current: SecurityOptions; chosen: string | undefined };

/** Links, so that choosing needs no script: the page comes back with the form filled, and nothing saved (X7). */
export function PresetList({ current, chosen }: PresetListProps) {
  return (
    <section aria-labelledby="presets" className="grid gap-3">
      <div>
        <h2 id="presets" className="text-lg">
          Presets
        </h2>
        <p className="mt-1 text-ink-muted text-sm">Choosing one fills the form below. It saves nothing.</p>
      </div>
      <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
        {OPTIONS_PRESETS.map((preset) => (
          <li key={preset.id} className="grid">
            <Preset
              preset={preset}
              chosen={preset.id === chosen}
              inUse={optionChanges(current, preset.options).length === 0}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Preset({ preset, chosen, inUse }: { preset: OptionsPreset; chosen: boolean; inUse: boolean }) {
  return (
    <a
      href={`/settings/security-options?preset=${preset.id}#options`}
      aria-current={chosen || undefined}
      className="card grid content-start gap-1.5 p-4 text-ink no-underline hover:border-line-strong hover:bg-accent-soft aria-[current]:border-accent aria-[current]:bg-accent-soft"
    >
      <span className="flex flex-wrap items-center justify-between gap-x-2 gap-y-1">
        <span className="font-semibold">{preset.name}</span>
        {inUse && <Badge tone="success">In use</Badge>}
      </span>
      <span className="text-ink-muted text-sm">{preset.description}</span>
    </a>
  );
}
