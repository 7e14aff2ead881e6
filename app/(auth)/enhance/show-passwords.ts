import { make, unseen } from "./make-element.ts";

/** Each password field gets its button to show what was typed, and says when Caps Lock is on. */
export function showPasswords(): void {
  for (const field of document.querySelectorAll<HTMLInputElement>(".input-frame > input[type=password]")) {
    const status = field.parentElement?.querySelector<HTMLElement>(".input-status");
    if (status) status.before(makeButton(field, watch(field, status)));
  }
}

/** Gives what says that the password is shown, or no longer. */
function watch(field: HTMLInputElement, status: HTMLElement): (shown: boolean) => void {
  const states = { capsLock: false, shown: false };
  const say = (change: Partial<typeof states>) => {
    const before = { ...states };
    Object.assign(states, change);
    if (before.capsLock === states.capsLock && before.shown === states.shown) return;
    const capsLock = states.capsLock ? ["Caps Lock is on."] : [];
    status.replaceChildren(...capsLock, ...(states.shown ? [unseen("Your password is shown.")] : []));
  };
  const watchCapsLock = (event: KeyboardEvent) => say({ capsLock: isCapsLock(event) });
  field.addEventListener("keydown", watchCapsLock);
  field.addEventListener("keyup", watchCapsLock);
  field.addEventListener("blur", () => say({ capsLock: false }));
  return (shown) => say({ shown });
}

/** A password manager that fills a field makes events without keys. */
const isCapsLock = (event: KeyboardEvent) => event.getModifierState?.("CapsLock") === true;

function makeButton(field: HTMLInputElement, saySo: (shown: boolean) => void): HTMLButtonElement {
  const word = document.createTextNode("");
  const attributes = { type: "button", class: "input-button", "aria-controls": field.id };
  const button = make("button", attributes, word, unseen(" password"));
  const show = (shown: boolean) => {
    field.type = shown ? "text" : "password";
    word.data = shown ? "Hide" : "Show";
    button.setAttribute("aria-pressed", String(shown));
    saySo(shown);
  };
  show(false);
  button.addEventListener("click", () => show(field.type === "password"));
  // Hidden again before it is sent, so that browsers neither save nor suggest it as plain text.
  field.form?.addEventListener("submit", () => show(false));
  return button;
}
