type Chip = { href: string; words: string; count?: number | string; chosen: boolean };

/** Choices of which one counts, each with how many people it leaves. They are links: an address can be kept and sent on. */
export function FilterChips({ label, chips }: { label: string; chips: Chip[] }) {
  return (
    <nav aria-label={label}>
      <ul className="flex flex-wrap gap-2">
        {chips.map(({ href, words, count, chosen }) => (
          <li key={words}>
            <a href={href} aria-current={chosen ? "true" : undefined} className={CHIP}>
              {words}
              {count !== undefined && (
                <span className="tabular-nums text-ink-muted in-aria-[current]:text-accent-ink">
                  {typeof count === "number" ? count.toLocaleString("en-GB") : count}
                </span>
              )}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

const CHIP = [
  "inline-flex min-h-9 items-center gap-2 rounded-full border border-line bg-surface-raised px-3 text-ink text-sm",
  "no-underline hover:border-line-strong hover:bg-surface-sunken pointer-coarse:min-h-11",
  "aria-[current]:border-accent-ink aria-[current]:bg-accent-soft aria-[current]:font-semibold aria-[current]:text-accent-ink",
].join(" ");
