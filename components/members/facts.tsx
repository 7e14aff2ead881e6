import type { ReactNode } from "react";

type FactsProps = { facts: { label: string; value: ReactNode }[] };

/** What is known of somebody, a line each. */
export function Facts({ facts }: FactsProps) {
  return (
    <dl className="facts">
      {facts.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
