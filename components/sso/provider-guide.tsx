import { guideOf, type Kind } from "#components/sso/provider-guides.ts";

/** What is done at the provider, step by step. */
export function ProviderGuide({ provider, kind }: { provider: string; kind: Kind }) {
  return (
    <ol className="grid max-w-prose list-decimal gap-2 ps-5">
      {guideOf(provider, kind).steps.map((step) => (
        <li key={step}>{step}</li>
      ))}
    </ol>
  );
}
