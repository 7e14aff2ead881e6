const shapes = {
  success: "M4.5 12.5l5 5 10-11",
  warning: "M12 4 21.5 20h-19ZM12 10v4.5M12 17.3v.1",
  error: "M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 1 0 0-19ZM8.8 8.8l6.4 6.4M15.2 8.8l-6.4 6.4",
  info: "M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 1 0 0-19ZM12 11v5.5M12 7.6v.1",
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
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      className={className}
    >
      <path d={shapes[tone]} />
    </svg>
  );
}
