export type Theme = "light" | "dark" | "system";

type ThemeChoiceProps = {
  /** A Server Action, or the path of a POST handler; it receives `theme`. */
  action: string | ((form: FormData) => void | Promise<void>);
  current: Theme;
};

const choices = [
  { theme: "light", label: "Light" },
  { theme: "dark", label: "Dark" },
  { theme: "system", label: "System" },
] as const;

export function ThemeChoice({ action, current }: ThemeChoiceProps) {
  return (
    <form action={action} method={typeof action === "string" ? "post" : undefined}>
      <fieldset>
        <legend className="pb-2 font-semibold text-ink-muted text-xs">Theme</legend>
        <div className="theme-choice">
          {choices.map(({ theme, label }) => (
            <button
              key={theme}
              type="submit"
              name="theme"
              value={theme}
              aria-pressed={theme === current}
              className="theme-choice-button"
            >
              {label}
            </button>
          ))}
        </div>
      </fieldset>
    </form>
  );
}
