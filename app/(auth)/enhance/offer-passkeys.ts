import { askAuthenticator, type PasskeyWish } from "#components/passkey/ask-authenticator.ts";
import { isTimeout, sentenceFor } from "#components/passkey/passkey-trouble.ts";

/** Shows what takes a passkey where the browser knows them, and hides what is said where it does not. */
export function offerPasskeys(): void {
  if (!("PublicKeyCredential" in window)) return;
  for (const part of document.querySelectorAll<HTMLElement>("[data-with-passkeys]")) part.hidden = false;
  for (const part of document.querySelectorAll<HTMLElement>("[data-without-passkeys]")) part.hidden = true;
  for (const way of document.querySelectorAll<HTMLElement>("[data-passkey]")) openWay(way);
}

function openWay(way: HTMLElement): void {
  const [field, button, trouble] = ["input", "button", "[role=status]"].map((one) => way.querySelector(one));
  if (!(field instanceof HTMLInputElement) || !button || !trouble) return;
  const ask = { path: way.dataset.passkey ?? "", field };
  const begin = () => (way.dataset.autofill === undefined ? undefined : startOffer(ask));
  // Browsers keep what a field held when its page was left, and an answer is good once.
  field.value = "";
  let offer = begin();
  button.addEventListener("click", async () => {
    if (button.hasAttribute("aria-disabled")) return;
    offer?.abort();
    trouble.textContent = "";
    button.setAttribute("aria-disabled", "true");
    try {
      await askAndSend(ask);
    } catch (error) {
      trouble.textContent = sentenceFor(error);
      offer = begin();
    }
    button.removeAttribute("aria-disabled");
  });
}

/** Where the server says what it wants, and the field that carries the answer. */
type Ask = { path: string; field: HTMLInputElement };

async function askAndSend(
  { path, field }: Ask,
  options: Pick<CredentialRequestOptions, "signal" | "mediation"> = {},
): Promise<void> {
  // Asked for at the press: it is good for five minutes.
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`The portal answered ${answer.status}.`);
  field.value = await askAuthenticator((await answer.json()) as PasskeyWish, options);
  field.form?.requestSubmit();
}

/** Lets the browser offer passkeys where somebody types a name, without a press. Gives what stops it. */
function startOffer(ask: Ask): AbortController {
  const controller = new AbortController();
  void offerUntilTaken(ask, controller.signal);
  return controller;
}

/** Shorter than what the server wants is good for, so that no answer comes too late. */
const FRESH_MS = 240_000;

async function offerUntilTaken(ask: Ask, signal: AbortSignal): Promise<void> {
  try {
    if (!(await PublicKeyCredential.isConditionalMediationAvailable?.()) || signal.aborted) return;
    const fresh = AbortSignal.any([signal, AbortSignal.timeout(FRESH_MS)]);
    await askAndSend(ask, { signal: fresh, mediation: "conditional" });
  } catch (error) {
    // Nobody has asked for it, so nobody is told what came in between. What grew old is asked for again.
    if (isTimeout(error) && !signal.aborted) await offerUntilTaken(ask, signal);
  }
}
