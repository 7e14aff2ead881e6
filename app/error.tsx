"use client";

type ErrorPageProps = { error: Error & { digest?: string } };

export default function ErrorPage({ error }: ErrorPageProps) {
  return (
    <main className="signed-out">
      <div className="signed-out-column">
        <div className="card signed-out-card">
          <h1>Something went wrong</h1>
          <p className="mt-2 text-ink-muted">
            The portal could not finish this. Try again in a moment; if it happens again, tell your
            administrator
            {error.digest ? ` the number ${error.digest}` : " when it happened"}.
          </p>
          <form method="get" action="/" className="mt-6">
            <button type="submit" className="button button-quiet">
              Go to the start
            </button>
          </form>
        </div>
      </div>
    </main>
  );
}
