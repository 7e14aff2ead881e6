"use client";

export default function GlobalError() {
  return (
    <html lang="en">
      <body>
        <main>
          <title>Something went wrong</title>
          <h1>Something went wrong</h1>
          <p>The portal could not finish this. Load the page again in a moment.</p>
        </main>
      </body>
    </html>
  );
}
