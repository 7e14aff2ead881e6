import { redirect } from "next/navigation";
import { DomainError } from "#lib/core/errors.ts";
import { uploadImport } from "#lib/imports/upload-import.ts";
import { uploadProblem } from "#lib/imports/upload-problems.ts";
import { requireContext } from "#lib/web/context.ts";
import { localPath } from "#lib/web/local-path.ts";
import { withUploadedFile } from "#lib/web/uploaded-file.ts";

/** Takes in a file of people, as it comes; what is wrong with it is said on the page where it was chosen. */
export async function POST(request: Request): Promise<Response> {
  const ctx = await requireContext();
  const kind = new URL(request.url).searchParams.get("kind") === "staff" ? "staff" : "contact";
  redirect(localPath(await takenIn()));

  async function takenIn(): Promise<string> {
    try {
      return await withUploadedFile(request, async (file) => {
        if (!file) throw uploadProblem("no_file");
        const { id } = await uploadImport(ctx, { kind, fileName: file.name, file: file.content });
        return `/members/import/${id}`;
      });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return `/members/import?kind=${kind}&problem=${error.reason ?? "broken_off"}`;
    }
  }
}
