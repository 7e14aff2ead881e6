import { auth } from "../../../auth.js";

/** Whom an API key speaks for. */
export async function GET(request) {
  const key = request.headers.get("x-api-key") ?? "";
  const { valid, key: found } = await auth.api.verifyApiKey({ body: { key } });
  return Response.json({ valid, id: found?.id }, { status: valid ? 200 : 401 });
}
