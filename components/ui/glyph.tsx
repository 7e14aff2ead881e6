const shapes = {
  success: "M4.5 12.5l5 5 10-11",
  warning: "M12 7.5v6M12 17.2v.1",
  error: "M7 7l10 10M17 7L7 17",
  info: "M12 10.8v6M12 7v.1",
} as const;

export type Tone = keyof typeof shapes;

/** The four signs of a message, drawn here because lucide's icons are client components: signed-out pages ship none. */
export function Glyph({ tone, className = "glyph" }: { tone: Tone; className?: string }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.25"
      strokeLinecap="round"
      strokeLinejoin="round"
      className={className}
    >
      <path d={shapes[tone]} />
    </svg>
  );
}
