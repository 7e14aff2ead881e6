import "server-only";
import { markupText } from "#lib/core/markup.ts";
import { passingPage, postingForm } from "./passing-page.ts";
import { requestStamp } from "./request.ts";

/** Where an identity provider is to be asked: at an address, or by a form that is posted there. */
export type Leave = { location: string } | { post: string; fields: Record<string, string> };

/**
 * A page that goes on to an identity provider at once, and by a press where the browser does not. A redirect would not do:
 * Chromium holds it to the `form-action` of the page whose button was pressed.
 */
export async function leaveFor(name: string, leave: Leave, cookies: string[] = []): Promise<Response> {
  const { nonce } = await requestStamp();
  const title = `Going to ${markupText(name)}`;
  const button = `Continue to ${name}`;
  if ("post" in leave) {
    const body = postingForm({ to: leave.post, fields: leave.fields, button, nonce });
    return passingPage({ title, body, nonce }, cookies);
  }
  const address = markupText(leave.location);
  const head = `<meta http-equiv="refresh" content="0;url=${address}">`;
  const body = `<p><a href="${address}">${markupText(button)}</a></p>`;
  return passingPage({ title, body, nonce, head }, cookies);
}
