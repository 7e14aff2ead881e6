import "server-only";
import { notFound } from "#lib/core/errors.ts";
import { answerDirectory } from "#lib/scim/answer.ts";
import { scimProblem } from "#lib/scim/answers.ts";
import { authenticateDirectory } from "#lib/scim/tokens/authenticate-directory.ts";
import { bearerToken } from "./api.ts";
import { strangerContext } from "./context.ts";
import { requestStamp } from "./request.ts";

type Varying = { id?: string; unknown?: string[] };

type Handler = (
  request: Request,
  // Next gives none where an address has no part that varies.
  route: { params: Promise<Varying | undefined> },
) => Promise<Response>;

/**
 * The handlers of an address of the protocol of directories, by its endpoint below /api/scim/v2. Nobody is told anything
 * without a token of the firm whose host it is; cookies and sessions count for nothing here.
 */
export function scimEndpoint(
  endpoint?: string,
): Record<"GET" | "POST" | "PUT" | "PATCH" | "DELETE", Handler> {
  const handle: Handler = async (request, route) => {
    const path = pathOf(endpoint, (await route.params) ?? {});
    try {
      if (!(await requestStamp()).tenant) throw notFound("There is no firm at this address.");
      const ctx = await authenticateDirectory(await strangerContext(), bearerToken(request) ?? "");
      return await answerDirectory({ ctx, request, path });
    } catch (error) {
      return scimProblem(error, await requestStamp());
    }
  };
  return { GET: handle, POST: handle, PUT: handle, PATCH: handle, DELETE: handle };
}

function pathOf(endpoint: string | undefined, { id, unknown = [] }: Varying): string[] {
  if (endpoint === undefined) return unknown;
  return id === undefined ? [endpoint] : [endpoint, id];
}
