import type { ReactNode } from "react";
import { Code } from "./code.tsx";

const beginAt = (portal: string) => `export PORTAL=${portal}
export TOKEN=portal_…

curl -sS -H "Authorization: Bearer $TOKEN" "$PORTAL/api/v1/session"`;

/** What holds for every operation. */
export function Rules({ portal }: { portal: string }) {
  return (
    <section aria-labelledby="rules" className="card grid gap-4 p-5 sm:p-6">
      <h2 id="rules" className="text-lg">
        For all of them
      </h2>
      <p>
        Send an API token as bearer. It may do what its owner may, and of that only what it was generated for.
      </p>
      <Code>{beginAt(portal)}</Code>
      <dl className="grid gap-3 sm:grid-cols-[9rem_1fr]">
        <Rule name="Errors">
          Problems after RFC 9457: <code>code</code> is stable, <code>detail</code> is for people,{" "}
          <code>fieldErrors</code> says which fields are wrong.
        </Rule>
        <Rule name="Lists">
          <code>limit</code> rows at most; <code>next</code> of the answer is <code>after</code> of the next
          request, as the <code>Link</code> header has it too.
        </Rule>
        <Rule name="Changes">
          <code>ETag</code> is the version. Send it as <code>If-Match</code>, and what somebody else has
          changed since is not written over (412).
        </Rule>
        <Rule name="Repetitions">
          A POST with an <code>Idempotency-Key</code> is done once within 24 hours, however often it is sent.
        </Rule>
        <Rule name="Allowance">
          600 requests at once, then ten a second, for each token: <code>RateLimit-Remaining</code> says what
          is left, and 429 comes with <code>Retry-After</code>.
        </Rule>
      </dl>
    </section>
  );
}

function Rule({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="font-semibold">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}
