import { FieldFrame } from "#components/form/field-frame.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import type { ImportKind } from "#lib/imports/input.ts";
import { MAX_LINES, sayUploadProblem } from "#lib/imports/upload-problems.ts";

type UploadFormProps = { kind: ImportKind; problem: unknown };

const HINTS = {
  staff: "One line for each member, below a line of headings: name, e-mail, username, security group.",
  contact:
    "One line for each contact, below a line of headings: name, e-mail, username, clients separated by “;”.",
};

/** A form of its own to a route of its own: files are longer than anything that actions take. It needs no script. */
export function UploadForm({ kind, problem }: UploadFormProps) {
  const errors = [sayUploadProblem(problem)].filter((text) => text !== undefined);
  return (
    <Card
      title="Choose a file"
      description="Nothing changes yet: next you say what its columns hold, and see what the import would do."
    >
      <form
        method="post"
        action={`/members/import/file?kind=${kind}`}
        encType="multipart/form-data"
        aria-label="Choose a file"
        className="form"
      >
        <FieldFrame
          id="file"
          label="CSV file"
          errors={errors}
          hint={`${HINTS[kind]} At most ${MAX_LINES.toLocaleString("en")} people and 32 MB.`}
        >
          <input
            id="file"
            name="file"
            type="file"
            accept=".csv,.txt,.tsv,text/csv,text/plain"
            required
            aria-invalid={errors.length > 0 || undefined}
            aria-describedby={errors.length > 0 ? "file-error file-hint" : "file-hint"}
            className="input bg-surface-raised! file:me-3 file:cursor-pointer file:font-semibold file:text-accent-ink"
          />
        </FieldFrame>
        <p className="max-w-prose text-ink-muted text-sm">
          Password hashes of another system can come along: bcrypt, scrypt, argon2, PBKDF2, ASP.NET Identity,
          phpass and Firebase scrypt. Never put passwords themselves into a file.
        </p>
        <div className="form-actions">
          <Button type="submit" tone="primary">
            Upload
          </Button>
        </div>
      </form>
    </Card>
  );
}
