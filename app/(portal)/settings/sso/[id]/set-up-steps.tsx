import { VisuallyHidden } from "#components/ui/visually-hidden.tsx";
import type { ConnectionReading } from "#lib/auth/sso/connections/get-connection.ts";

export const STEPS = [
  { path: "values", label: "Enter values" },
  { path: "provider", label: "Describe the provider" },
  { path: "test", label: "Check and test" },
  { path: "live", label: "Go live" },
] as const;

export type Step = (typeof STEPS)[number]["path"];

/** The four steps, in their order; each can be gone to at any time, and says whether it is done. */
export function SetUpSteps({ reading, current }: { reading: ConnectionReading; current: Step }) {
  const done = doneSteps(reading);
  return (
    <nav aria-label="Set-up">
      <ol className="grid gap-2 sm:grid-cols-2 lg:grid-cols-4">
        {STEPS.map(({ path, label }, index) => (
          <li key={path}>
            <a
              href={`/settings/sso/${reading.connection.id}/${path}`}
              aria-current={path === current ? "step" : undefined}
              className="set-up-step"
            >
              <span aria-hidden="true" className="set-up-number">
                {done.has(path) ? "✓" : index + 1}
              </span>
              <span>
                {label}
                {done.has(path) && <VisuallyHidden> (done)</VisuallyHidden>}
              </span>
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** What has been done for the draft that there is, or for what serves. */
export function doneSteps({ draft, serving }: ConnectionReading): Set<Step> {
  const done = new Set<Step>();
  if (draft || serving) done.add("values").add("provider");
  if (draft ? draft.testedAt : serving) done.add("test");
  if (serving && !draft) done.add("live");
  return done;
}

/** Where to go on: the first step that is not done. */
export function nextStep(reading: ConnectionReading): Step | undefined {
  const done = doneSteps(reading);
  return STEPS.find(({ path }) => !done.has(path))?.path;
}
